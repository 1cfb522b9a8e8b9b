import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Subject, Subscription, takeUntil, type Observable } from 'rxjs';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { keepFollowing } from '../mechanics/keep-following.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { ClusterStore, type TallyChange } from './cluster-store.js';
import { areAlike, NodeCounts, type NodeTally } from './node-counts.js';

/** Pause between attempts to follow changes, in milliseconds. */
const RETRY_MS = 1_000;
/** How long a count on demand is reused while changes cannot be followed, in milliseconds. */
const COUNTED_FOR_MS = 1_500;
const CHECK_EVERY_MS = 60_000;
/** Time within which a change arrives, in milliseconds. */
const SETTLED_AFTER_MS = 2_000;

/**
 * Counts of the living nodes, kept in memory: this replica reads all nodes once, follows their changes, and compares its counts with the record
 * every minute. See docs/adr/0015.
 */
@Injectable()
export class CountedNodes implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(CountedNodes.name);
  private counts = new NodeCounts();
  private countedAt: EpochMs = Number.NEGATIVE_INFINITY;
  private counting: Promise<void> | undefined;
  /** Uids that change while nodes are being read: what was read of them may be older than the change. */
  private readonly readings = new Set<Set<string>>();
  private following = false;
  private readonly subscription = new Subscription();
  private timer: NodeJS.Timeout | undefined;
  private settling: { timer: NodeJS.Timeout; end: () => void } | undefined;
  private stopped = false;

  constructor(
    private readonly store: ClusterStore,
    private readonly database: DatabaseProbe,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.follow());
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.settling?.end();
    this.subscription.unsubscribe();
  }

  /** Counts as of now while changes are followed, otherwise as of a moment ago. */
  async current(): Promise<NodeCounts> {
    if (!this.following && this.clock.now() - this.countedAt >= COUNTED_FOR_MS) {
      this.counting ??= this.count().finally(() => (this.counting = undefined));
      await this.counting;
    }
    return this.counts;
  }

  /**
   * Compares the counts with the record, and corrects differences that last longer than a change takes to arrive.
   * @returns the number of nodes that were counted wrongly
   */
  async check(settledAfterMs = SETTLED_AFTER_MS): Promise<number> {
    const first = await this.store.tallies();
    const suspects = this.counts.differences(first).map((uid) => ({ uid, known: this.counts.get(uid) }));
    if (suspects.length === 0) return 0;
    await this.settle(settledAfterMs);
    const second = await this.store.tallies(suspects.map(({ uid }) => uid));
    // Nodes that changed meanwhile, here or in the record, are left to the next check.
    const wrong = suspects.filter(({ uid, known }) => {
      const stored = second.get(uid) ?? null;
      return (
        areAlike(known, this.counts.get(uid)) && areAlike(first.get(uid) ?? null, stored) && !areAlike(known, stored)
      );
    });
    for (const { uid } of wrong) this.counts.set(uid, second.get(uid) ?? null);
    if (wrong.length > 0)
      this.logger.warn({ msg: 'nodes were counted wrongly; they are counted anew', count: wrong.length });
    return wrong.length;
  }

  private follow(): void {
    this.subscription.add(
      keepFollowing(() => this.changes(), { pauseMs: RETRY_MS, lost: (reason) => this.lose(reason) }).subscribe(
        ({ uid, tally }) => this.change(uid, tally),
      ),
    );
  }

  /** Follows changes; fails where the nodes cannot be counted first. */
  private changes(): Observable<TallyChange> {
    const uncounted = new Subject<never>();
    return this.store.follow(() => void this.begin(uncounted)).pipe(takeUntil(uncounted));
  }

  /** Counts all nodes, now that changes are followed. */
  private async begin(uncounted: Subject<never>): Promise<void> {
    try {
      await this.count();
      // The stream has failed meanwhile, or the process is stopping.
      if (!uncounted.observed) return;
      this.following = true;
      this.scheduleCheck();
    } catch (error) {
      uncounted.error(error);
    }
  }

  private lose(reason: string): void {
    if (this.following)
      this.logger.warn({ msg: 'changes of nodes cannot be followed; counting them for who asks', reason });
    this.following = false;
    clearTimeout(this.timer);
  }

  private async count(): Promise<void> {
    const changed = new Set<string>();
    this.readings.add(changed);
    try {
      const at = this.clock.now();
      const counts = NodeCounts.of(await this.store.tallies());
      for (const uid of changed) counts.set(uid, this.counts.get(uid));
      this.counts = counts;
      this.countedAt = at;
    } finally {
      this.readings.delete(changed);
    }
  }

  private change(uid: string, tally: NodeTally | null): void {
    this.counts.set(uid, tally);
    for (const changed of this.readings) changed.add(uid);
  }

  private scheduleCheck(): void {
    if (this.stopped || !this.following) return;
    this.timer = setTimeout(() => {
      this.check()
        .catch((error: unknown) =>
          this.logger.debug({ msg: 'what is counted could not be checked', reason: (error as Error).message }),
        )
        .finally(() => this.scheduleCheck());
    }, CHECK_EVERY_MS);
  }

  private settle(forMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(this.settling?.timer);
        this.settling = undefined;
        resolve();
      };
      this.settling = { timer: setTimeout(end, forMs), end };
    });
  }
}
