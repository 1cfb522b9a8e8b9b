import type { LifecycleHarness } from '../../support/workflow/lifecycle-harness.js';
import { WebhookLineUnderTest } from '../../support/workflow/webhook-line-under-test.js';

/** Lines of webhooks that together take every step. Each returns the line once it is over. */
export const WEBHOOK_SCENARIOS: Record<string, (harness: LifecycleHarness) => Promise<WebhookLineUnderTest>> = {
  async 'webhook-line'(harness) {
    const line = await WebhookLineUnderTest.start(harness, [
      { is: 'later', afterMs: 5_000 },
      { is: 'later', afterMs: 3_600_000 },
      { is: 'over' },
      { is: 'over' },
    ]);
    await line.handle.result();
    return line;
  },

  async 'webhook-line-in-runs'(harness) {
    const steps = Array.from({ length: 12 }, () => ({ is: 'later', afterMs: 60_000 }) as const);
    const line = await WebhookLineUnderTest.start(harness, steps, { maxRunEvents: 20 });
    await line.handle.result();
    return line;
  },
};
