import type { WebhookLine } from '../../contract/webhooks.js';

/** What is said to the workflows that deliver. */
export abstract class WebhookLines {
  /**
   * There is something new to deliver: starts the workflow where it does not run.
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  abstract wake(line: WebhookLine): Promise<void>;

  /**
   * Starts the workflow where it does not run, and says nothing to one that does.
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  abstract ensureStarted(line: WebhookLine): Promise<void>;
}
