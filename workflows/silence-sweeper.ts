import { CancellationScope, continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { SilenceSweepActivities } from '../activities/silence-sweep-activities.js';
import { silenceSweepQueue } from '../contract/silence-sweep.js';

/**
 * Looks for silent nodes for as long as the product lives, for the whole fleet at once: what each lifecycle's own timer
 * would find too, but not as soon where there are many. Temporal keeps it the only one, and alive.
 */
export async function silenceSweeper(): Promise<void> {
  // One activity sweeps for minutes; a worker that died is noticed by its silence, and another's sweeps on.
  const { sweepForSilence } = proxyActivities<SilenceSweepActivities>({
    taskQueue: silenceSweepQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '1h',
    heartbeatTimeout: '10s',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '5s' },
  });
  await CancellationScope.nonCancellable(() => sweepForSilence());
  await continueAsNew<typeof silenceSweeper>();
}
