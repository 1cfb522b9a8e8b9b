import type { CheckResult } from './check-result.js';

/** How many times in a row, and for how many milliseconds, a check has to report a status before it counts. */
export interface Settling {
  after: number;
  forMs: number;
}

interface Said extends CheckResult {
  /** Start of the row by a monotonic clock, in milliseconds. */
  since: number;
}

/** Debounces a check: a different status counts once it has been reported often and long enough. */
export class SettledStatus {
  private settled: Said | undefined;
  private doubted: { status: CheckResult['status']; times: number; since: number } | undefined;

  constructor(private readonly patience: Settling) {}

  /** Undefined before the first verdict. */
  get current(): Readonly<Said> | undefined {
    return this.settled;
  }

  /** @returns whether something changed that is worth reporting; figures in the message are not */
  take(result: CheckResult, now: number): boolean {
    if (result.status === this.settled?.status) {
      this.doubted = undefined;
      const isNew = result.reason !== this.settled.reason;
      this.settled = { ...result, since: this.settled.since };
      return isNew;
    }
    if (this.doubted?.status !== result.status) this.doubted = { status: result.status, times: 0, since: now };
    this.doubted.times += 1;
    const { times, since } = this.doubted;
    // A first FIT counts at once, since no other status was reported before it.
    const isFirstGood = this.settled === undefined && result.status === 'FIT';
    if (!isFirstGood && (times < this.patience.after || now - since < this.patience.forMs)) return false;
    this.settled = { ...result, since };
    this.doubted = undefined;
    return true;
  }
}
