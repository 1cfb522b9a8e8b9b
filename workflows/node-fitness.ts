import type { FitnessLook } from '../activities/ports.js';
import type { CarriedLifecycle, HeldBack } from '../contract/lifecycle.js';
import type { EpochMs } from '../contract/states.js';
import type { Unprojected } from './unprojected.js';

/** Pause after a failed look, in milliseconds. */
const LOOK_RETRY_MS = 30_000;

/** When to look at a node's conditions, which are in the record, and whether the budget holds its quarantine back. */
export class NodeFitness {
  #lookAt: EpochMs | undefined;
  #heldBack: HeldBack | undefined;
  #changes = 0;

  constructor(
    carried: CarriedLifecycle | undefined,
    private readonly unprojected: Unprojected,
  ) {
    this.#heldBack = carried?.heldBack;
    // A lifecycle that continues from the record has no time for the next look.
    this.#lookAt = carried?.fitnessLookAt ?? (this.#heldBack && 0);
  }

  /** When to look; undefined where there is nothing to look at. */
  get lookAt(): EpochMs | undefined {
    return this.#lookAt;
  }

  get heldBack(): HeldBack | undefined {
    return this.#heldBack;
  }

  /** Number of changes so far: a look misses those that come after it has begun. */
  get changes(): number {
    return this.#changes;
  }

  /** Notes that the conditions have changed. */
  change(): void {
    this.#changes += 1;
    this.#lookAt = 0;
  }

  /** Cancels looks until something changes. */
  forget(): void {
    this.#lookAt = undefined;
  }

  /**
   * Applies the outcome of a look; undefined where it failed.
   * @param changes value of {@link changes} when the look began
   */
  learn(look: FitnessLook | undefined, changes: number, now: EpochMs): void {
    const againMs = look === undefined ? LOOK_RETRY_MS : look.againMs;
    if (changes === this.#changes) this.#lookAt = againMs === undefined ? undefined : now + againMs;
    if (look !== undefined) this.#hold(look.heldBack, now);
  }

  carry(): Pick<CarriedLifecycle, 'heldBack' | 'fitnessLookAt'> {
    return {
      ...(this.#heldBack && { heldBack: this.#heldBack }),
      ...(this.#lookAt !== undefined && { fitnessLookAt: this.#lookAt }),
    };
  }

  /** Records an event when the budget starts to hold the node back, not at each look. */
  #hold(reason: string | undefined, now: EpochMs): void {
    const isHeldBack = this.#heldBack !== undefined;
    if (isHeldBack === (reason !== undefined)) return;
    this.#heldBack = reason === undefined ? undefined : { since: now, reason };
    if (reason === undefined) this.unprojected.change();
    else this.unprojected.tell('QuarantineHeldBack', reason, now);
  }
}
