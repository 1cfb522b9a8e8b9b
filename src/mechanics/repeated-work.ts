import { inTime } from './in-time.js';
import { STOP_WAITS_MS } from './stop-waits.js';

/** Actions after the last round. */
export interface Leaving {
  /** Releases what others wait for, such as a lease, after the last round. */
  leave?: () => Promise<void>;
  /** Called with the reason where that failed or took too long. */
  failed?: (reason: string) => void;
  /** How long the end waits for the last round and for `leave`, in milliseconds. */
  withinMs?: number;
}

/**
 * Rounds of work, one after the other, until they are ended. Nest modules end them in `onModuleDestroy` and wait for that in
 * `beforeApplicationShutdown`, since Nest waits for modules one after the other.
 */
export class RepeatedWork {
  private timer: NodeJS.Timeout | undefined;
  private latest: Promise<void> = Promise.resolve();
  private ending: Promise<void> | undefined;

  /** @param round must not reject; returns the pause before the next one, in milliseconds */
  constructor(
    private readonly round: () => Promise<number>,
    private readonly leaving: Leaving = {},
  ) {}

  /** Begins, unless it was ended before. */
  begin(inMs: number): void {
    if (this.ending) return;
    this.timer = setTimeout(() => {
      this.latest = this.round().then((nextMs) => this.begin(nextMs));
    }, inMs);
  }

  /** Ends the rounds. Resolves when the last one and `leave` are over, or after `withinMs`; may be called repeatedly. Never rejects. */
  end(): Promise<void> {
    clearTimeout(this.timer);
    return (this.ending ??= this.leave());
  }

  private async leave(): Promise<void> {
    const { leave = () => undefined, withinMs = STOP_WAITS_MS.rounds, failed = () => undefined } = this.leaving;
    await inTime(this.latest.then(leave), withinMs, `it took longer than ${withinMs / 1_000} s`).catch((error: Error) =>
      failed(error.message),
    );
  }
}
