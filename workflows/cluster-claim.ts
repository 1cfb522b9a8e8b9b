import { CancellationScope, condition } from '@temporalio/workflow';
import { autoUpgrade } from './auto-upgrade.js';

// It only waits, so every version can replay it. See docs/adr/0033.
autoUpgrade(clusterClaim);

/**
 * Claims a Temporal namespace for the cluster that its memo names. It only waits; terminating it releases the namespace. See docs/adr/0022.
 */
export async function clusterClaim(): Promise<void> {
  await CancellationScope.nonCancellable(() => condition(() => false));
}
