import { inTime } from './in-time.js';
import { STOP_WAITS_MS } from './stop-waits.js';

/** What follows the last round. */
export interface Leaving {
  /** Gives back what others wait for, such as a lease. It comes after the last round. */
  leave?: () => Promise<void>;
  /** Hears why that failed, or took too long. */
  failed?: (reason: string) => void;
  /** The end waits for the last round and for this so long, in milliseconds. */
  withinMs?: number;
}

/**
 * Rounds of work, one after the other and never two at once, until they are ended. Modules of Nest end them in `onModuleDestroy` and wait
 * for that in `beforeApplicationShutdown`: the waits of modules come one after the other, and each may take its time.
 */
export class RepeatedWork {
  private timer: NodeJS.Timeout | undefined;
  private latest: Promise<void> = Promise.resolve();
  private ending: Promise<void> | undefined;

  /** @param round must not reject; returns until the next one begins, in milliseconds */
  constructor(
    private readonly round: () => Promise<number>,
    private readonly leaving: Leaving = {},
  ) {}

  /** Begins, where it has not been ended before. */
  begin(inMs: number): void {
    if (this.ending) return;
    this.timer = setTimeout(() => {
      this.latest = this.round().then((nextMs) => this.begin(nextMs));
    }, inMs);
  }

  /** No round begins any more. Resolves, each time that it is called, when the last one has ended and the leaving is over, or was waited for long enough. Never rejects. */
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
