import { CancellationScope, continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { SilenceSweepActivities } from '../activities/silence-sweep-activities.js';
import { silenceSweepQueue } from '../contract/temporal-names.js';
import { autoUpgrade } from './auto-upgrade.js';

// One activity after the other, so every version can replay it, and no old version has to keep running. See docs/adr/0033.
autoUpgrade(silenceSweeper);

/**
 * Finds silent nodes of the whole fleet, for as long as the cluster exists. Each lifecycle's own timer finds them too, but later in a large
 * fleet. Temporal keeps this workflow single and running.
 */
export async function silenceSweeper(): Promise<void> {
  // Each activity sweeps for minutes; its heartbeat timeout moves it to another worker when its own dies.
  const { sweepForSilence } = proxyActivities<SilenceSweepActivities>({
    taskQueue: silenceSweepQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '1h',
    heartbeatTimeout: '10s',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '5s' },
  });
  await CancellationScope.nonCancellable(() => sweepForSilence());
  await continueAsNew<typeof silenceSweeper>();
}
