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

/** How often what is open is looked at, in milliseconds. */
const LOOK_EVERY_MS = 200;
/** A feed that said nothing for this long, in milliseconds, is late: the record is asked instead. */
const LATE_MS = 500;
const FOLLOW_AGAIN_MS = 500;
/** Callers that are asked about at once. */
const AT_ONCE = 50;
/** For so long the others wait for an issuer's answer about one of them, in milliseconds: it may take seconds. */
const ISSUER_FIRST_MS = 100;

/** For how long what lets a caller in is good. */
export type GoodFor = Pick<Caller, 'expiresAt' | 'askAgainAt'>;

/** A request that is being answered. */
interface Open {
  readonly caller: Caller;
  /** When what lets it in ends; null: it does not by itself. A token that is rotated ends sooner. */
  expiresAt: EpochMs | null;
  askAgainAt: EpochMs;
  readonly end: AbortController;
  /** Lets the caller in once more. */
  readonly again: () => Promise<GoodFor>;
  /** Since it is open the record was asked once: what changed between its being let in and its being here nobody says. */
  isConfirmed: boolean;
}

/**
 * The requests that are being answered, each of which ends within a second of what let it in: a token that is revoked or ends, a
 * login that is logged out, a node that is rejected, removed or has a new token; whichever replica does it. The feed of changed
 * records says whom to ask about again; where it is late, everybody is asked about.
 */
@Injectable()
export class OpenRequests implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OpenRequests.name);
  private readonly open = new Set<Open>();
  private readonly byRecord = new Map<CallerRecord, Set<Open>>();
  /** Those that are to be asked about. */
  private readonly doubtful = new Set<Open>();
  /** Those whose issuer has not answered yet. */
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

  /** How many requests are being answered. */
  get size(): number {
    return this.open.size;
  }

  /**
   * From now on until `response` is out, or its reader gone.
   * @param again lets the caller in once more, for as long as it returns; rejects with a ProblemError where that is over
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
    // Of an answer that is out some kinds of response say the one, some the other.
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
    // Nobody waits any more for what is still being done about it.
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

  /** An issuer that does not answer holds up nobody but its own people. */
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
      // Where nobody can say whether it is still good, it is not.
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

/** People who signed in there, and its tokens, of which the record has nothing. */
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
