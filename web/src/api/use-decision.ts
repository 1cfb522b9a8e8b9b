import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DecisionResponse } from '../../../client/index.js';
import * as operations from '../../../client/sdk.gen.js';
import { decisionRequest, type DecisionWords } from '../../../contract/decision-request.js';
import type { AdminAction } from '../../../contract/node-actions.js';
import { answerOf } from './answer-of.js';
import { CLUSTER_KEY, NODES_KEY } from './node-queries.js';

/** A decision about a node, with what is said with it. */
export type WantedDecision = { action: AdminAction } & DecisionWords;

/** A decision is in force when it is committed; most are applied within this, and then the page can say so. */
const WAIT = '2s';

/** The generated functions: `approveNode` for `approve`. As methods, for each takes a body of its own. */
type Operations = {
  [Action in AdminAction as `${Action}Node`]: {
    send(request: { path: { id: string }; query: { wait: string } }): Promise<{ data?: DecisionResponse | undefined }>;
  }['send'];
};
const OPERATIONS: Operations = operations;

/** Sends one decision. One that is sent twice is refused the second time, by the transition table. */
export function sendDecision(id: string, { action, ...words }: WantedDecision): Promise<DecisionResponse> {
  const { body, query } = decisionRequest(action, words);
  const request = { path: { id }, query: { ...query, wait: WAIT }, ...(body && { body }) };
  return answerOf(OPERATIONS[`${action}Node`](request));
}

/** After a change: what is shown of nodes is asked for anew. */
export function useRefreshNodes(): () => void {
  const queryClient = useQueryClient();
  return () => {
    void queryClient.invalidateQueries({ queryKey: NODES_KEY });
    void queryClient.invalidateQueries({ queryKey: CLUSTER_KEY });
  };
}

/** A decision about one node; every view of nodes is brought up to date when it is made, or refused. */
export function useDecision(id: string) {
  const refresh = useRefreshNodes();
  return useMutation({ mutationFn: (decision: WantedDecision) => sendDecision(id, decision), onSettled: refresh });
}
