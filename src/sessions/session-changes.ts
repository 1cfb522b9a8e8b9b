import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Subscription } from 'rxjs';
import { SteadyClock, type Clock } from '../mechanics/clock.js';
import { keepFollowing } from '../mechanics/keep-following.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { SessionFeed } from './session-feed.js';

/** Pause between attempts to follow the feed, in milliseconds. */
const RETRY_MS = 1_000;
/** How often waiters look by themselves while the feed is unavailable, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** What to wait for: commands for a node's agent, or a change of a session's record. */
export type Topic = `node ${string}` | `session ${string}`;

/** One caller's subscription: changes between `listen` and `heard` are not missed. */
export interface Listening {
  /**
   * Resolves at the next change, when it is time to look without the feed, after `forMs` milliseconds at the latest, and at once when the api stops.
   * @throws the reason of `ended`, once that is aborted
   */
  heard(forMs: number, ended: AbortSignal): Promise<void>;
  close(): void;
}

/** Wakes callers that wait for changes of sessions' records, from any api replica, by one shared feed. */
@Injectable()
export class SessionChanges implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SessionChanges.name);
  private readonly ears = new Map<Topic, Set<() => void>>();
  private readonly subscription = new Subscription();
  /** Time up to which all changes were told, by this process's clock; undefined while the feed is unavailable. */
  private upToDateAt: number | undefined;
  private stopped = false;

  constructor(
    private readonly feed: SessionFeed,
    private readonly database: DatabaseProbe,
    @Inject(SteadyClock) private readonly clock: Clock,
    metrics: MetricRegistry,
  ) {
    metrics.gauge(
      'rollcall_session_feed_age_seconds',
      'How long ago the feed of changed sessions was up to date; +Inf while it is away, and agents hear of commands within a second instead of at once',
      { read: () => (this.clock.now() - (this.upToDateAt ?? Number.NEGATIVE_INFINITY)) / 1_000 },
    );
  }

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.follow());
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    this.subscription.unsubscribe();
    this.wakeAll();
  }

  /** Whether the api stops, so that nobody should wait any longer. */
  get isOver(): boolean {
    return this.stopped;
  }

  listen(topic: Topic): Listening {
    let rung = false;
    let wake: (() => void) | undefined;
    const ring = () => {
      rung = true;
      wake?.();
    };
    const ears = this.ears.get(topic) ?? new Set();
    this.ears.set(topic, ears.add(ring));
    return {
      heard: async (forMs, ended) => {
        if (!rung && !this.stopped && !ended.aborted) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(
              () => wake?.(),
              this.upToDateAt !== undefined ? forMs : Math.min(forMs, LOOK_EVERY_MS),
            );
            wake = () => {
              clearTimeout(timer);
              ended.removeEventListener('abort', ring);
              resolve();
            };
            ended.addEventListener('abort', ring, { once: true });
          });
        }
        ended.throwIfAborted();
        rung = false;
      },
      close: () => {
        ears.delete(ring);
        if (ears.size === 0 && this.ears.get(topic) === ears) this.ears.delete(topic);
        ring();
      },
    };
  }

  private follow(): void {
    const changes = keepFollowing(() => this.feed.follow(() => this.upToDate()), {
      pauseMs: RETRY_MS,
      lost: (reason) => this.lost(reason),
    });
    this.subscription.add(
      changes.subscribe(({ key, pendingOn }) => {
        this.wake(`session ${key}`);
        if (pendingOn !== null) this.wake(`node ${pendingOn}`);
      }),
    );
  }

  private upToDate(): void {
    const begins = this.upToDateAt === undefined;
    this.upToDateAt = this.clock.now();
    // Changes before the feed began were missed.
    if (begins) this.wakeAll();
  }

  private lost(reason: string): void {
    if (this.upToDateAt !== undefined)
      this.logger.warn({ msg: 'changes of sessions cannot be followed; looking for them every second', reason });
    this.upToDateAt = undefined;
    this.wakeAll();
  }

  private wake(topic: Topic): void {
    for (const ring of this.ears.get(topic) ?? []) ring();
  }

  private wakeAll(): void {
    for (const topic of this.ears.keys()) this.wake(topic);
  }
}
