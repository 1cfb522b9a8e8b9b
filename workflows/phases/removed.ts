import { condition, patched } from '@temporalio/workflow';
import type { NodeState } from '../node-state.js';
import { removeNode } from '../world.js';

/**
 * Ends the node's life in MongoDB, unless a later decision (an administrator cancelled the decommission at the last
 * moment) was committed there: then that decision's signal is waited for, and the reconciler sees to it that it comes.
 * @returns whether the life is over.
 */
export async function removed(node: NodeState): Promise<boolean> {
  node.sessions.giveUp('SessionsLost', 'the node was removed', Date.now());
  const { seq } = node.decision;
  const { projection } = node;
  if ((await removeNode({ projection, seq })) === 'removed') return true;
  // A later decision that has come meanwhile has its own say: it may be a removal too.
  if (node.decision.seq === seq || !patched('later-removal-stands')) node.withdrawRemoval();
  await condition(() => node.decision.seq > seq);
  return false;
}
