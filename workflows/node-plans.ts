import type { PlanLook } from '../activities/ports.js';
import type { Decision } from '../contract/decision.js';
import { nextOfPlan } from '../contract/plan.js';
import type { EpochMs } from '../contract/states.js';

/** Pause after a failed look, in milliseconds. */
const LOOK_RETRY_MS = 30_000;

/** When to look at the node's planned deactivation, which is part of the decision that each run begins with. */
export class NodePlans {
  /** No look before this time, while this decision is the latest. */
  #notBefore: { seq: number; at: EpochMs } | undefined;

  /** When to look; undefined where nothing is planned. */
  lookAt(decision: Decision, now: EpochMs): EpochMs | undefined {
    const next = nextOfPlan(decision, now);
    if (next === undefined || this.#notBefore?.seq !== decision.seq) return next;
    return Number.isFinite(this.#notBefore.at) ? Math.max(next, this.#notBefore.at) : undefined;
  }

  /** Applies the outcome of a look by this decision; undefined where it failed. */
  learn({ seq }: Decision, look: PlanLook | undefined, now: EpochMs): void {
    const againMs = look === undefined ? LOOK_RETRY_MS : (look.againMs ?? Infinity);
    this.#notBefore = { seq, at: now + againMs };
  }

  /** Cancels looks by this decision in this run. */
  forget({ seq }: Decision): void {
    this.#notBefore = { seq, at: Infinity };
  }
}
