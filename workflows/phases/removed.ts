import { condition, patched, workflowInfo } from '@temporalio/workflow';
import type { LifecycleOutcome } from '../../contract/lifecycle.js';
import type { NodeState } from '../node-state.js';
import { removeNode } from '../side-effects.js';

/**
 * Removes the node in MongoDB, unless the record overrules it: by a heartbeat that ended the silence behind the removal, or by a later decision
 * (an administrator cancelled the decommission). That decision's signal is then awaited; the reconciler repeats it if it was lost. Where it
 * repeats an earlier one, the record has been set back and knows of no later one: it is asked again.
 * @returns how the lifecycle ended; undefined if it continues, `astray` if record and workflow have diverged.
 */
export async function removed(node: NodeState): Promise<LifecycleOutcome | 'astray' | undefined> {
  const { lastHeartbeat } = node.liveness;
  const { due: removal } = node.removal;
  if (!removal) return undefined;
  node.sessions.giveUp('SessionsLost', 'the node was removed', Date.now());
  const { seq } = node.decision;
  const projection = { ...node.projection, run: workflowInfo().runId };
  const isFenced = removal.because === 'silent' && lastHeartbeat !== undefined;
  const answer = await removeNode({ projection, seq, ...(isFenced && { silentSince: lastHeartbeat }) });
  if (answer === 'removed') {
    node.removal.conclude(removal);
    return node.outcome(Date.now());
  }
  if (answer !== 'superseded' && answer.is === 'astray') return 'astray';
  if (answer === 'superseded') {
    // A later decision that has arrived counts for itself: it may be a removal too.
    if (node.decision.seq === seq || !patched('later-removal-stands')) node.removal.withdraw();
    const { repetitions } = node;
    const isOverruled = () => node.decision.seq > seq;
    await condition(() => isOverruled() || node.repetitions > repetitions);
    if (!isOverruled() && !patched('asks-again-when-told-again')) await condition(isOverruled);
  } else {
    node.hearFromRecord(answer.heartbeat, Date.now());
  }
  return undefined;
}
