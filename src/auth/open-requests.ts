import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Subscription } from 'rxjs';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { keepFollowing } from '../mechanics/keep-following.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { ProblemError } from '../http/problem-error.js';
import type { Caller } from './caller.js';
import { CallerFeed, type CallerRecord } from './caller-feed.js';
import type { Lifetime } from './lifetime.js';
import { unauthenticated } from './unauthenticated.js';

/** How often open requests are checked, in milliseconds. */
const LOOK_EVERY_MS = 200;
/** Silence after which the feed counts as late, in milliseconds: the record is read instead. */
const LATE_MS = 500;
const FOLLOW_AGAIN_MS = 500;
/** Number of callers authenticated concurrently. */
const AT_ONCE = 50;
/** How long other callers wait for an issuer's answer about one, in milliseconds, since that may take seconds. */
const ISSUER_FIRST_MS = 100;

/** How long an admission is valid. */
export type GoodFor = Pick<Caller, 'expiresAt' | 'askAgainAt'>;

/** A request that is being answered. */
interface Open {
  readonly caller: Caller;
  /** When the credential expires; null where it does not. Rotating a token may make it earlier. */
  expiresAt: EpochMs | null;
  askAgainAt: EpochMs;
  readonly end: AbortController;
  /** Authenticates the caller once more. */
  readonly again: () => Promise<GoodFor>;
  /** Whether it was checked once since it is open: the feed does not tell what changed between authentication and registration. */
  isConfirmed: boolean;
}

/**
 * The requests that are being answered. Each ends within a second of its caller's admission: when a token is revoked or expires, a login is logged out, or a
 * node is rejected, removed or gets a new token, on any replica. The feed of changed records tells which callers to check; while it is late, all are
 * checked. See docs/adr/0026.
 */
@Injectable()
export class OpenRequests implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OpenRequests.name);
  private readonly open = new Set<Open>();
  private readonly byRecord = new Map<CallerRecord, Set<Open>>();
  /** Requests to check. */
  private readonly doubtful = new Set<Open>();
  /** Requests whose issuer has not answered yet. */
  private readonly awaited = new Set<Open>();
  private asking: Promise<void> | undefined;
  private heardAt: EpochMs = 0;
  private readonly subscription = new Subscription();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly feed: CallerFeed,
    private readonly database: DatabaseProbe,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    void this.database.ready.then(() => this.follow());
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.subscription.unsubscribe();
  }

  /** Number of requests that are being answered. */
  get size(): number {
    return this.open.size;
  }

  /**
   * Registers a request until `response` is finished or closed.
   * @param again authenticates the caller once more; rejects with a ProblemError where that fails
   */
  begin(caller: Caller, response: ServerResponse, again: () => Promise<GoodFor>): Lifetime {
    const request: Open = {
      caller,
      expiresAt: caller.expiresAt,
      askAgainAt: caller.askAgainAt ?? Infinity,
      end: new AbortController(),
      again,
      isConfirmed: false,
    };
    this.open.add(request);
    for (const record of caller.records)
      this.byRecord.set(record, (this.byRecord.get(record) ?? new Set()).add(request));
    const over = () => this.forget(request);
    // Kinds of responses differ in which event they emit.
    response.once('finish', over).once('close', over);
    return { ended: request.end.signal, confirm: () => this.confirm(request) };
  }

  private async confirm(request: Open): Promise<void> {
    request.end.signal.throwIfAborted();
    if (hasExpired(request, this.clock.now())) throw unauthenticated();
    await request.again();
  }

  private forget(request: Open): void {
    this.open.delete(request);
    this.doubtful.delete(request);
    for (const record of request.caller.records) {
      const others = this.byRecord.get(record);
      others?.delete(request);
      if (others?.size === 0) this.byRecord.delete(record);
    }
    // Stops remaining work, for which nobody waits any longer.
    request.end.abort(new ProblemError({ code: 'UNAVAILABLE', detail: 'whoever asked has gone' }));
  }

  private look(): void {
    const now = this.clock.now();
    const isLate = now - this.heardAt > LATE_MS;
    for (const request of this.open) {
      if (hasExpired(request, now)) request.end.abort(unauthenticated());
      else if (this.awaited.has(request)) continue;
      else if (isLate || !request.isConfirmed || request.askAgainAt <= now) this.doubtful.add(request);
      request.isConfirmed = true;
    }
    this.ask();
  }

  private ask(): void {
    if (this.doubtful.size === 0) return;
    this.asking ??= this.askAll().finally(() => (this.asking = undefined));
  }

  private async askAll(): Promise<void> {
    while (this.doubtful.size > 0) {
      const some = [...this.doubtful].slice(0, AT_ONCE);
      for (const request of some) this.doubtful.delete(request);
      await Promise.all(
        some.map((request) => (asksIssuer(request) ? this.askIssuer(request) : this.askAbout(request))),
      );
    }
  }

  /** Asks the issuer apart from the others, so that an unanswered question delays only its own people. */
  private async askIssuer(request: Open): Promise<void> {
    this.awaited.add(request);
    const answered = this.askAbout(request).finally(() => this.awaited.delete(request));
    await Promise.race([answered, pause(ISSUER_FIRST_MS, undefined, { ref: false })]);
  }

  private async askAbout(request: Open): Promise<void> {
    try {
      const { expiresAt, askAgainAt = Infinity } = await request.again();
      Object.assign(request, { expiresAt, askAgainAt });
    } catch (error) {
      // A caller who cannot be authenticated is not admitted.
      request.end.abort(error instanceof ProblemError ? error : notToBeSaid());
    }
  }

  private follow(): void {
    const lost = (reason: string) => {
      this.heardAt = 0;
      this.logger.debug({ msg: 'the feed of changed callers ended; following it again', reason });
    };
    this.subscription.add(
      keepFollowing(() => this.feed.follow(), { pauseMs: FOLLOW_AGAIN_MS, lost }).subscribe((changed) => {
        this.heardAt = this.clock.now();
        for (const record of changed) for (const request of this.byRecord.get(record) ?? []) this.doubtful.add(request);
        this.ask();
      }),
    );
  }
}

/** Whether the issuer has to be asked: for people who signed in there, and for its tokens, which are not in the record. */
function asksIssuer({ caller, askAgainAt }: Open): boolean {
  return askAgainAt !== Infinity || caller.records.length === 0;
}

function hasExpired({ expiresAt }: Open, now: EpochMs): boolean {
  return expiresAt !== null && expiresAt <= now;
}

function notToBeSaid(): ProblemError {
  return new ProblemError({
    code: 'UNAVAILABLE',
    detail: 'the database does not say whether these credentials are still good',
    hint: 'Try again in a moment; /readyz tells when it is back',
  });
}
