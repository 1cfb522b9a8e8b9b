import { sleep } from '@temporalio/workflow';
import type { EpochMs } from '../contract/states.js';

/**
 * A deadline that may move. Moving it costs nothing: the durable timer under it is never cancelled, and when it fires
 * too early it is started again for what remains. (Cancelling a timer for each heartbeat would cost two events each,
 * and a timer fired and cancelled at once hangs the time-skipping server.)
 */
export class Alarm {
  #at: EpochMs | undefined;
  /** When the earliest pending timer fires. */
  #firesAt = Infinity;

  /** @param summary the timer's name in the Temporal Web UI. */
  constructor(private readonly summary: string) {}

  /** Moves the alarm; undefined turns it off. A moment in the past rings at once. */
  set(at: EpochMs | undefined): void {
    this.#at = at;
    if (at !== undefined && at > Date.now() && at < this.#firesAt) void this.#sleepUntil(at);
  }

  /** Whether the deadline has passed. True until it is set again. */
  get ringing(): boolean {
    return this.#at !== undefined && Date.now() >= this.#at;
  }

  async #sleepUntil(at: EpochMs): Promise<void> {
    this.#firesAt = at;
    await sleep(at - Date.now(), { summary: this.summary });
    // An earlier timer has been started since: that one continues.
    if (this.#firesAt !== at) return;
    this.#firesAt = Infinity;
    this.set(this.#at);
  }
}
