import type { Decision } from '../contract/decision.js';
import type { EpochMs } from '../contract/states.js';
import type { Unprojected } from './unprojected.js';

/** A removal that is due. */
interface Removal {
  at: EpochMs;
  by: string;
  reason: string;
  /** Events of decisions stand; events of observations may be withdrawn before they are projected. */
  because: 'decided' | 'drained' | 'silent';
}

/** The removal that is due, and why. It may be withdrawn until it is carried out. */
export class NodeRemoval {
  #due: Removal | undefined;

  constructor(
    decision: Decision,
    private readonly unprojected: Unprojected,
  ) {
    this.#due = dueBy(decision);
  }

  get due(): Removal | undefined {
    return this.#due;
  }

  /** A decision overrules a scheduled removal that was not carried out; only the decision is projected. */
  decide(decision: Decision): void {
    this.#due = dueBy(decision);
    this.unprojected.withdraw('NodeRemoved');
  }

  schedule(because: 'drained' | 'silent', by: string, reason: string, now: EpochMs): void {
    this.#due = { at: now, by, reason, because };
    this.unprojected.tell('NodeRemoved', reason, now, by);
  }

  withdraw(): void {
    this.#due = undefined;
    this.unprojected.withdraw('NodeRemoved');
  }

  /** Withdraws a removal that has lost its reason. */
  withdrawIf(because: 'drained' | 'silent'): void {
    if (this.#due?.because === because) this.withdraw();
  }

  /** Concludes that the node is removed, whatever has arrived since. */
  conclude(removal: Removal): void {
    this.#due = removal;
  }
}

function dueBy({ removal }: Decision): Removal | undefined {
  return removal?.when === 'now'
    ? { at: removal.since, by: removal.by, reason: removal.reason, because: 'decided' }
    : undefined;
}
