import type { EpochMs } from '../../contract/states.js';

/** The time. Injected wherever time matters, so that tests can move it instead of sleeping. */
export abstract class Clock {
  abstract now(): EpochMs;
}

export class SystemClock extends Clock {
  now(): EpochMs {
    return Date.now();
  }
}

/** A monotonic clock for durations, unaffected by changes of the system's time. Not comparable with other processes' times. */
export class SteadyClock extends Clock {
  now(): EpochMs {
    return performance.timeOrigin + performance.now();
  }
}
