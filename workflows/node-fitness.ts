import type { FitnessLook } from '../activities/ports.js';
import type { CarriedLifecycle, HeldBack } from '../contract/lifecycle.js';
import type { EpochMs } from '../contract/states.js';
import type { Unprojected } from './unprojected.js';

/** After a look that failed, in milliseconds. */
const LOOK_RETRY_MS = 30_000;

/** When to look at what a node's checks say, and whether the budget holds its quarantine back. The record holds what they say. */
export class NodeFitness {
  #lookAt: EpochMs | undefined;
  #heldBack: HeldBack | undefined;
  #changes = 0;

  constructor(
    carried: CarriedLifecycle | undefined,
    private readonly unprojected: Unprojected,
  ) {
    this.#heldBack = carried?.heldBack;
    // One that goes on from the record knows of no moment.
    this.#lookAt = carried?.fitnessLookAt ?? (this.#heldBack && 0);
  }

  /** When to look; undefined where nothing is to be looked at. */
  get lookAt(): EpochMs | undefined {
    return this.#lookAt;
  }

  get heldBack(): HeldBack | undefined {
    return this.#heldBack;
  }

  /** How often it was told of changes: a look does not know of those that come after it has begun. */
  get changes(): number {
    return this.#changes;
  }

  /** What the checks say has changed. */
  change(): void {
    this.#changes += 1;
    this.#lookAt = 0;
  }

  /** It is not to be looked at until something changes. */
  forget(): void {
    this.#lookAt = undefined;
  }

  /**
   * A look that was begun after so many changes has come to this; undefined where it failed.
   * @param changes see {@link changes}
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

  /** It is told once, however often the budget is asked for. */
  #hold(reason: string | undefined, now: EpochMs): void {
    const isHeldBack = this.#heldBack !== undefined;
    if (isHeldBack === (reason !== undefined)) return;
    this.#heldBack = reason === undefined ? undefined : { since: now, reason };
    if (reason === undefined) this.unprojected.change();
    else this.unprojected.tell('QuarantineHeldBack', reason, now);
  }
}
