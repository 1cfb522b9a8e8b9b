import type { EpochMs } from '../../contract/states.js';
import type { AgentClock } from '../process/agent-clock.js';
import { fit, unfit, unknown, type RunCheck } from './check-result.js';

/** HTTP dates have whole seconds, so they lag by half a second on average. */
const HALF_A_SECOND_MS = 500;

/** Offset of the machine's clock from the api's, measured by the Date headers of answers, so no time server is needed. */
export class ClockOffset {
  private offsetMs: number | undefined;

  constructor(private readonly clock: Pick<AgentClock, 'now'>) {}

  /** @param date of an answer that has just arrived */
  heard(date: EpochMs): void {
    if (Number.isFinite(date)) this.offsetMs = this.clock.now() - date - HALF_A_SECOND_MS;
  }

  /** @param limit maximum offset in seconds */
  check(limit: number): RunCheck {
    return async () => {
      if (this.offsetMs === undefined) return unknown('NotHeard', 'no api has answered yet');
      const seconds = Math.round(this.offsetMs / 1_000);
      const says =
        seconds === 0 ? "as the api's" : `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the api's`;
      return Math.abs(this.offsetMs) > limit * 1_000 ? unfit('OverLimit', `${says}, over ${limit} s`) : fit(says);
    };
  }
}
