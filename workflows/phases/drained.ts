import type { NodeState } from '../node-state.js';

/** No sessions are left. A decommissioned node is removed; any other waits to be activated or removed. */
export async function drained(node: NodeState): Promise<void> {
  const { removal } = node.decision;
  if (removal?.when === 'drained')
    node.removal.schedule('drained', removal.by, removal.reason || 'decommissioned', Date.now());
}
