import { sleep } from '@temporalio/workflow';
import type { LifecycleInput, LifecycleOutcome } from '../../../contract/lifecycle.js';
import { nodeLifecycle as asItIs } from '../../../workflows/node-lifecycle.js';

/** Workflows of an incompatible version: neither it nor the present one can replay what the other has started. */
export { agentUpdate } from '../../../workflows/agent-update.js';
export { clusterClaim } from '../../../workflows/cluster-claim.js';
export { drainSet } from '../../../workflows/drain-set.js';
export { silenceSweeper } from '../../../workflows/silence-sweeper.js';

export async function nodeLifecycle(input: LifecycleInput): Promise<LifecycleOutcome> {
  await sleep(1);
  return asItIs(input);
}
