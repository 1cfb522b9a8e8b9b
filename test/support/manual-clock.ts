import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../../src/mechanics/clock.js';

export const NOON = Date.UTC(2027, 0, 1, 12);

/** A clock that tests advance. */
export class ManualClock extends Clock {
  constructor(private time: EpochMs) {
    super();
  }

  now(): EpochMs {
    return this.time;
  }

  advance(ms: number): void {
    this.time += ms;
  }

  reset(time: EpochMs): void {
    this.time = time;
  }
}
