import { log } from '@temporalio/workflow';
import type { EpochMs } from '../contract/states.js';
import { Alarm } from './alarm.js';
import type { NodeState } from './node-state.js';
import { lookForHeartbeat } from './side-effects.js';

/** Delay before the next look when no evidence was available, in milliseconds. */
const LOOK_RETRY_MS = 10_000;

/**
 * The timer that every heartbeat resets. When it runs out, the workflow looks for heartbeats that were recorded without a signal before it
 * draws a consequence: without evidence there is no verdict.
 */
export class DisconnectTimer {
  readonly #alarm = new Alarm('disconnect timer');
  #minimumLookIntervalMs = LOOK_RETRY_MS;
  #notBefore: EpochMs;
  /** The sweeper has noticed that a mass silence no longer protects this node. */
  #looksNow = false;

  /** @param notBefore no look sooner than this: it keeps the fleet's looks within their budget, and bridges a difference of clocks */
  constructor(notBefore: EpochMs) {
    this.#notBefore = notBefore;
  }

  get ringing(): boolean {
    return this.#alarm.ringing;
  }

  /** A silence that the record shows is judged at once: the sweeper that noticed it keeps the budget. */
  lookNow(node: NodeState): void {
    this.#notBefore = 0;
    this.#looksNow = node.liveness.isHeld;
    this.#reset(node);
  }

  /** Judges the node where its deadline has passed, and sets the timer to its next one. */
  async judge(node: NodeState): Promise<void> {
    this.#reset(node);
    if (this.ringing) await this.look(node);
  }

  /** Judges the node by the record's present evidence. */
  async look(node: NodeState): Promise<void> {
    this.#looksNow = false;
    try {
      const { uid } = node;
      const { lastHeartbeat } = node.liveness;
      const report = await lookForHeartbeat({ uid, ...(lastHeartbeat !== undefined && { heardAt: lastHeartbeat }) });
      this.#minimumLookIntervalMs = report.minimumLookIntervalMs;
      this.#notBefore = Date.now() + Math.max(node.weigh(report, Date.now()), report.isGone ? LOOK_RETRY_MS : 0);
    } catch (error) {
      log.warn('cannot look for heartbeats: the node keeps its liveness until somebody can', { error });
      // Looks without evidence count against the budget too.
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
