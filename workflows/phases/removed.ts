import { condition, patched, workflowInfo } from '@temporalio/workflow';
import type { LifecycleOutcome } from '../../contract/lifecycle.js';
import type { NodeState } from '../node-state.js';
import { removeNode } from '../world.js';

/**
 * Ends the node's life in MongoDB, unless something stands against it there: a heartbeat that ended the silence which the
 * removal followed from, or a later decision (an administrator cancelled the decommission at the last moment). Then that
 * decision's signal is waited for, and the reconciler sees to it that it comes.
 * @returns how the life ended; undefined where it goes on, `astray` where the record goes by another history.
 */
export async function removed(node: NodeState): Promise<LifecycleOutcome | 'astray' | undefined> {
  const { removal, lastHeartbeat } = node;
  if (!removal) return undefined;
  node.sessions.giveUp('SessionsLost', 'the node was removed', Date.now());
  const { seq } = node.decision;
  const projection = { ...node.projection, run: workflowInfo().runId };
  const isFenced = removal.because === 'silent' && lastHeartbeat !== undefined;
  const answer = await removeNode({ projection, seq, ...(isFenced && { silentSince: lastHeartbeat }) });
  if (answer === 'removed') {
    node.conclude(removal);
    return node.outcome(Date.now());
  }
  if (answer !== 'superseded' && answer.is === 'astray') return 'astray';
  if (answer === 'superseded') {
    // A later decision that has come meanwhile has its own say: it may be a removal too.
    if (node.decision.seq === seq || !patched('later-removal-stands')) node.withdrawRemoval();
    await condition(() => node.decision.seq > seq);
  } else {
    node.hearFromRecord(answer.heartbeat, Date.now());
  }
  return undefined;
}
