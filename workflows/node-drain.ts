import { availabilityOf, type AvailabilityRuling, type Decision } from '../contract/decision.js';
import type { CarriedLifecycle, DrainView } from '../contract/lifecycle.js';
import type { Availability, Condition, EpochMs } from '../contract/states.js';

/** A time that belongs to one drain, identified by its ruling's seq. */
interface DrainMoment {
  seq: number;
  at: EpochMs;
}

/** Progress of the current drain. */
export class NodeDrain {
  #done: DrainMoment | undefined;
  #deadlinePassed: DrainMoment | undefined;

  constructor(carried: CarriedLifecycle | undefined) {
    this.#done = carried?.drainedAt === undefined ? undefined : { seq: carried.drainedSeq, at: carried.drainedAt };
    this.#deadlinePassed = carried?.deadlinePassed;
  }

  /** seq of the ruling whose drain is done; 0 where none is. */
  get doneSeq(): number {
    return this.#done?.seq ?? 0;
  }

  /** Availability under this ruling: DRAINED since the drain was done, anything else since it was ruled. */
  availability(ruling: AvailabilityRuling): Condition<Availability> {
    const value = availabilityOf(ruling, this.doneSeq);
    const since = value === 'DRAINED' ? this.#done?.at : undefined;
    return { value, since: since ?? ruling.since, reason: ruling.reason, by: ruling.by };
  }

  /** When this ruling's deadline took effect; undefined if it has not. */
  deadlinePassedAt(ruling: AvailabilityRuling): EpochMs | undefined {
    return this.#deadlinePassed?.seq === ruling.seq ? this.#deadlinePassed.at : undefined;
  }

  /** Whether the remaining sessions were told to end. */
  isTerminating(ruling: AvailabilityRuling): boolean {
    return ruling.onDeadline === 'terminate' && this.deadlinePassedAt(ruling) !== undefined;
  }

  finish(ruling: AvailabilityRuling, at: EpochMs): void {
    this.#done = { seq: ruling.seq, at };
  }

  /** Reopens a finished drain: a session has turned up. */
  reopen(): void {
    this.#done = undefined;
  }

  passDeadline(ruling: AvailabilityRuling, at: EpochMs): void {
    this.#deadlinePassed = { seq: ruling.seq, at };
  }

  /** The drain as shown to people; undefined if there is none. */
  view({ availability, removal }: Decision, remaining: string[]): DrainView | undefined {
    if (availability.value === 'ACTIVE') return undefined;
    const { seq, since, by, reason, deadline, onDeadline, until } = availability;
    const passedAt = this.deadlinePassedAt(availability);
    return {
      ...{ seq, since, by, reason, onDeadline },
      ...(deadline !== undefined && { deadline }),
      ...(until !== undefined && { until }),
      terminating: this.isTerminating(availability),
      ...(passedAt !== undefined && { deadlinePassedAt: passedAt }),
      thenRemove: removal?.when === 'drained',
      remaining,
    };
  }

  carry(): Pick<CarriedLifecycle, 'drainedSeq' | 'drainedAt' | 'deadlinePassed'> {
    return {
      drainedSeq: this.doneSeq,
      ...(this.#done && { drainedAt: this.#done.at }),
      ...(this.#deadlinePassed && { deadlinePassed: this.#deadlinePassed }),
    };
  }
}
