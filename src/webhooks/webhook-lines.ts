import type { WebhookLine } from '../../contract/webhooks.js';

/** Signals to the workflows of lines. */
export abstract class WebhookLines {
  /**
   * Tells the workflow of a new delivery; starts it where it is not running.
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  abstract wake(line: WebhookLine): Promise<void>;

  /**
   * Starts the workflow where it is not running, without a signal.
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  abstract ensureStarted(line: WebhookLine): Promise<void>;
}
