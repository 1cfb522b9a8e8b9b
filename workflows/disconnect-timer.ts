import { log } from '@temporalio/workflow';
import type { EpochMs } from '../contract/states.js';
import { Alarm } from './alarm.js';
import type { NodeState } from './node-state.js';
import { lookForHeartbeat } from './world.js';

/** How long to wait before looking again where no evidence could be had, in milliseconds. */
const LOOK_RETRY_MS = 10_000;

/**
 * The timer that every heartbeat resets. Silence has its consequence only after a look for heartbeats that were
 * recorded without a signal: without evidence there is no verdict.
 */
export class DisconnectTimer {
  readonly #alarm = new Alarm('disconnect timer');
  #minimumLookIntervalMs = LOOK_RETRY_MS;
  #notBefore: EpochMs;
  /** Somebody has noticed that what is held may be held no longer. */
  #looksNow = false;

  /** @param notBefore no look sooner than this: it keeps the fleet's looks within their budget, and bridges a difference of clocks */
  constructor(notBefore: EpochMs) {
    this.#notBefore = notBefore;
  }

  get ringing(): boolean {
    return this.#alarm.ringing;
  }

  /** A silence that the record shows is judged at once: whoever noticed it has kept the budget. */
  lookNow(node: NodeState): void {
    this.#notBefore = 0;
    this.#looksNow = node.mayBeHeld;
    this.#reset(node);
  }

  /** Judges the node where its deadline has passed, and sets the timer to its next one. */
  async judge(node: NodeState): Promise<void> {
    this.#reset(node);
    if (this.ringing) await this.look(node);
  }

  /** Judges the node by what the record knows of it now. */
  async look(node: NodeState): Promise<void> {
    this.#looksNow = false;
    try {
      const { uid, lastHeartbeat } = node;
      const report = await lookForHeartbeat({ uid, ...(lastHeartbeat !== undefined && { heardAt: lastHeartbeat }) });
      this.#minimumLookIntervalMs = report.minimumLookIntervalMs;
      this.#notBefore = Date.now() + Math.max(node.weigh(report, Date.now()), report.isGone ? LOOK_RETRY_MS : 0);
    } catch (error) {
      log.warn('cannot look for heartbeats: the node keeps its liveness until somebody can', { error });
      // The budget holds for looks in vain too.
      this.#notBefore = Date.now() + Math.max(LOOK_RETRY_MS, this.#minimumLookIntervalMs);
    }
    this.#reset(node);
  }

  #reset(node: NodeState): void {
    const { disconnectDeadline } = node;
    if (this.#looksNow) this.#alarm.set(0);
    else this.#alarm.set(disconnectDeadline === undefined ? undefined : Math.max(disconnectDeadline, this.#notBefore));
  }
}
