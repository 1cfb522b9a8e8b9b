import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { WebhookActivities } from '../activities/webhook-activities.js';
import { WAKE_SIGNAL, webhookQueue, type WebhookLineInput } from '../contract/webhooks.js';
import { autoUpgrade } from './auto-upgrade.js';
import { runShouldEnd } from './run-length.js';

// Its state is in the record, so every version can replay it, and no old version has to keep running. See docs/adr/0033.
autoUpgrade(webhookLine);

const wake = defineSignal(WAKE_SIGNAL);

/**
 * Delivers notices about one node to one webhook, in order, and ends when none is pending. Deliveries and their outcomes are in the record; the
 * wait for a failing receiver is a timer here, which occupies no slot. See docs/adr/0050.
 */
export async function webhookLine(input: WebhookLineInput): Promise<void> {
  // Cancelling the workflow in the Web UI has no effect, so that no delivery is lost: delete the webhook instead.
  return CancellationScope.nonCancellable(() => deliver(input));
}

async function deliver(input: WebhookLineInput): Promise<void> {
  const { deliverFirst } = proxyActivities<WebhookActivities>({
    taskQueue: webhookQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '1m',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' },
  });
  const { webhook, about } = input;
  let isWoken = false;
  setHandler(wake, () => {
    isWoken = true;
  });
  for (;;) {
    isWoken = false;
    const step = await deliverFirst({ webhook, about });
    // A signal that has arrived meanwhile may announce a delivery that the activity missed.
    if (step.is === 'empty' && !isWoken) return;
    if (runShouldEnd(input)) await continueAsNew<typeof webhookLine>(input);
    if (step.is === 'later') await condition(() => isWoken, step.afterMs);
  }
}
