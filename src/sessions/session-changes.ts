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

/** Between attempts to follow the feed, in milliseconds. */
const RETRY_MS = 1_000;
/** How often whoever waits looks by itself while the feed is away, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** What is waited for: that a node's agent has something to do, or that a session's record changed. */
export type Topic = `node ${string}` | `session ${string}`;

/** What one caller waits for: changes between `listen` and `heard` are not missed. */
export interface Listening {
  /**
   * Resolves at the next change, or when it is time to look without; at the latest after `forMs` milliseconds, and at once when
   * the api stops.
   * @throws the reason of `ended`, which nobody listens beyond
   */
  heard(forMs: number, ended: AbortSignal): Promise<void>;
  close(): void;
}

/** Wakes who waits for sessions' records to change, whichever replica of the api changes them. One feed for all of them. */
@Injectable()
export class SessionChanges implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SessionChanges.name);
  private readonly ears = new Map<Topic, Set<() => void>>();
  private readonly subscription = new Subscription();
  /** When all changes until then were told, by this process's clock; undefined while the feed is away. */
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

  /** Nothing is worth waiting for any more. */
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
    // What happened before was not heard.
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
