import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DecisionResponse } from '../../../client/index.js';
import * as operations from '../../../client/sdk.gen.js';
import { decisionRequest, type DecisionWords } from '../../../contract/decision-request.js';
import type { AdminAction } from '../../../contract/node-actions.js';
import { answerOf } from './answer-of.js';
import { CLUSTER_KEY, NODES_KEY } from './node-queries.js';

/** A decision about a node, with its parameters. */
export type WantedDecision = { action: AdminAction } & DecisionWords;

/** How long to wait for the decision to be applied. It is in force when committed; most are applied within this time, and the page can say so. */
const WAIT = '2s';

/** The generated functions: `approveNode` for `approve`. Declared as methods, since each takes its own type of body. */
type Operations = {
  [Action in AdminAction as `${Action}Node`]: {
    send(request: { path: { id: string }; query: { wait: string } }): Promise<{ data?: DecisionResponse | undefined }>;
  }['send'];
};
const OPERATIONS: Operations = operations;

/** Sends one decision. Repeating it is harmless: the transition table refuses it the second time. */
export function sendDecision(id: string, { action, ...words }: WantedDecision): Promise<DecisionResponse> {
  const { body, query } = decisionRequest(action, words);
  const request = { path: { id }, query: { ...query, wait: WAIT }, ...(body && { body }) };
  return answerOf(OPERATIONS[`${action}Node`](request));
}

/** Invalidates what is shown of nodes after a change. */
export function useRefreshNodes(): () => void {
  const queryClient = useQueryClient();
  return () => {
    void queryClient.invalidateQueries({ queryKey: NODES_KEY });
    void queryClient.invalidateQueries({ queryKey: CLUSTER_KEY });
  };
}

/** A decision about one node; all views of nodes are updated when it is made or refused. */
export function useDecision(id: string) {
  const refresh = useRefreshNodes();
  return useMutation({ mutationFn: (decision: WantedDecision) => sendDecision(id, decision), onSettled: refresh });
}
