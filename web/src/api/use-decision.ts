import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  activateNode,
  approveNode,
  deactivateNode,
  decommissionNode,
  deleteNode,
  rejectNode,
  type DecisionResponse,
  type DrainRequest,
} from '../../../client/index.js';
import { answerOf } from './answer-of.js';
import { CLUSTER_KEY } from './cluster-query.js';
import { NODES_KEY } from './node-queries.js';

/** A decision about a node, with what goes with it. */
export type Decision =
  | { action: 'approve'; reason?: string }
  | { action: 'activate'; reason?: string }
  | { action: 'reject'; message: string }
  | ({ action: 'deactivate' } & DrainRequest)
  | ({ action: 'decommission' } & DrainRequest)
  | { action: 'remove'; force: boolean; reason?: string };

/** A decision is in force when it is committed; most are applied within this, and then the page can say so. */
const WAIT = '2s';

/** Sends one decision. One that is sent twice is refused the second time, by the transition table. */
export function decide(id: string, decision: Decision): Promise<DecisionResponse> {
  const request = { path: { id }, query: { wait: WAIT } };
  switch (decision.action) {
    case 'approve':
      return answerOf(approveNode({ ...request, body: withoutAction(decision) }));
    case 'activate':
      return answerOf(activateNode({ ...request, body: withoutAction(decision) }));
    case 'reject':
      return answerOf(rejectNode({ ...request, body: withoutAction(decision) }));
    case 'deactivate':
      return answerOf(deactivateNode({ ...request, body: withoutAction(decision) }));
    case 'decommission':
      return answerOf(decommissionNode({ ...request, body: withoutAction(decision) }));
    case 'remove': {
      const { force, reason } = decision;
      return answerOf(
        deleteNode({
          path: { id },
          query: { wait: WAIT, force: force ? 'true' : 'false', ...(reason ? { reason } : {}) },
        }),
      );
    }
  }
}

/** The api refuses keys that it does not know. */
function withoutAction<Body extends { action: string }>(decision: Body): Omit<Body, 'action'> {
  const { action: _action, ...body } = decision;
  return body;
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
  return useMutation({ mutationFn: (decision: Decision) => decide(id, decision), onSettled: refresh });
}
