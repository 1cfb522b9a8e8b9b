import type { PlanLook } from '../activities/ports.js';
import type { Decision } from '../contract/decision.js';
import { nextOfPlan } from '../contract/plan.js';
import type { EpochMs } from '../contract/states.js';

/** After a look that failed, in milliseconds. */
const LOOK_RETRY_MS = 30_000;

/** When to look at what was said ahead of time. The decision says what that is, and each run begins with it. */
export class NodePlans {
  /** No sooner, while this decision is the latest. */
  #notBefore: { seq: number; at: EpochMs } | undefined;

  /** When to look; undefined where nothing is to come. */
  lookAt(decision: Decision, now: EpochMs): EpochMs | undefined {
    const next = nextOfPlan(decision, now);
    if (next === undefined || this.#notBefore?.seq !== decision.seq) return next;
    return Number.isFinite(this.#notBefore.at) ? Math.max(next, this.#notBefore.at) : undefined;
  }

  /** A look by this decision has come to this; undefined where it failed. */
  learn({ seq }: Decision, look: PlanLook | undefined, now: EpochMs): void {
    const againMs = look === undefined ? LOOK_RETRY_MS : (look.againMs ?? Infinity);
    this.#notBefore = { seq, at: now + againMs };
  }

  /** Nothing follows from this decision in this run. */
  forget({ seq }: Decision): void {
    this.#notBefore = { seq, at: Infinity };
  }
}
