import { SYSTEM } from '../../contract/states.js';
import type { NodeState } from '../node-state.js';
import { terminateSessions } from '../side-effects.js';

/** An administrator said no: what still runs is told to end. A later approve brings the node back. */
export async function rejected(node: NodeState): Promise<void> {
  const { ids: sessionIds } = node.sessions;
  if (sessionIds.length === 0) return;
  await terminateSessions({ uid: node.uid, sessionIds, by: SYSTEM, reason: 'the node was rejected' });
  if (node.phase === 'REJECTED')
    node.sessions.giveUp('SessionsTerminated', 'the node was rejected', Date.now(), sessionIds);
}
