import type { EpochMs } from '../contract/states.js';

/** What time it is. Injected wherever time matters, so that tests move it instead of sleeping. */
export abstract class Clock {
  abstract now(): EpochMs;
}

export class SystemClock extends Clock {
  now(): EpochMs {
    return Date.now();
  }
}
