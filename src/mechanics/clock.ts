import type { EpochMs } from '../../contract/states.js';

/** What time it is. Injected wherever time matters, so that tests move it instead of sleeping. */
export abstract class Clock {
  abstract now(): EpochMs;
}

export class SystemClock extends Clock {
  now(): EpochMs {
    return Date.now();
  }
}

/** How much time passes: nobody sets it, so that what is due after a while is so. Not to be compared with what others wrote down. */
export class SteadyClock extends Clock {
  now(): EpochMs {
    return performance.timeOrigin + performance.now();
  }
}
