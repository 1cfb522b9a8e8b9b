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

// Its state is in the record: every version replays it, and none is kept for it. See docs/adr/0033.
autoUpgrade(webhookLine);

const wake = defineSignal(WAKE_SIGNAL);

/**
 * Tells one webhook of one node, one delivery after the other, and ends when nothing waits. What there is to tell, and what became of it, is in
 * the record; the wait for a receiver that fails is a timer here, which holds no slot. See docs/adr/0050.
 */
export async function webhookLine(input: WebhookLineInput): Promise<void> {
  // Cancelling the workflow in the Web UI loses no delivery: delete the webhook.
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
    // A signal that comes meanwhile may be of a delivery that the look has missed.
    if (step.is === 'empty' && !isWoken) return;
    if (runShouldEnd(input)) await continueAsNew<typeof webhookLine>(input);
    if (step.is === 'later') await condition(() => isWoken, step.afterMs);
  }
}
