import {
  ApplicationFailure,
  CancellationScope,
  proxyActivities,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { OpeningOutcome, WindowActivities } from '../activities/window-activities.js';
import { isoTime } from '../contract/iso-time.js';
import { openingOf } from '../contract/maintenance-window.js';
import { autoUpgrade } from './auto-upgrade.js';

// Its state is in the record, so every version can replay it, and no old version has to keep running. See docs/adr/0033.
autoUpgrade(maintenanceWindow);

const { openWindow } = proxyActivities<WindowActivities>({
  startToCloseTimeout: '1m',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' },
});

/**
 * One opening of a maintenance window, started by the window's schedule; it runs for as long as the window is open. Records the opening, and signals the
 * drain sets that wait for it. See docs/adr/0057.
 */
export async function maintenanceWindow(): Promise<OpeningOutcome> {
  // Cancelling the workflow in the Web UI does not close the window: pause the sets, or change the window.
  return CancellationScope.nonCancellable(open);
}

async function open(): Promise<OpeningOutcome> {
  const { workflowId } = workflowInfo();
  const opening = openingOf(workflowId);
  if (!opening) throw ApplicationFailure.nonRetryable(`${workflowId} is no opening of a maintenance window`);
  const outcome = await openWindow.executeWithOptions({ summary: `open window ${opening.name}` }, [opening]);
  if (outcome.is === 'closed') {
    setCurrentDetails(`Window **${opening.name}** does not open: ${outcome.why}`);
    return outcome;
  }
  setCurrentDetails(`Window **${opening.name}** is open until ${isoTime(outcome.until)}`);
  const leftMs = outcome.until - Date.now();
  if (leftMs > 0) await sleep(leftMs, { summary: `window ${opening.name} closes` });
  return outcome;
}
