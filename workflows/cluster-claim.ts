import { CancellationScope, condition } from '@temporalio/workflow';

/**
 * Holds a namespace for the cluster that its memo names, by doing nothing for as long as that cluster lives. Whoever terminates it gives
 * the namespace away.
 */
export async function clusterClaim(): Promise<void> {
  await CancellationScope.nonCancellable(() => condition(() => false));
}
