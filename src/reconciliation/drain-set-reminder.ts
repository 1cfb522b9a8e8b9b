import { Inject, Injectable } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { SteadyClock, type Clock } from '../mechanics/clock.js';
import type { DrainSetRecord } from '../drains/drain-set-record.js';
import { DrainSetStore } from '../drains/drain-set-store.js';
import { BackOff } from '../mechanics/back-off.js';
import { DrainSetSignals } from '../drains/drain-set-signals.js';
import { FirstSeen } from '../mechanics/first-seen.js';
import { LifecycleRefused } from '../lifecycle/lifecycle-signals.js';

/** The api tells right after it commits: until then there is nothing to make up for. */
const GRACE_MS = 2_000;
const CENSUS_EVERY_MS = 60_000;
/** After so many tries one that refuses is made anew. */
const TRIES_BEFORE_REBUILDING = 3;
/** After so many that got no answer, Temporal is away. */
const ENOUGH_IN_A_ROW = 3;

/** Makes up for workflows of drain sets that were not started, not told, or lost with Temporal's database. */
@Injectable()
export class DrainSetReminder {
  private readonly backOff = new BackOff();
  private readonly seen = new FirstSeen();
  private nextCensus: EpochMs = 0;

  constructor(
    private readonly sets: DrainSetStore,
    private readonly signals: DrainSetSignals,
    @Inject(SteadyClock) private readonly clock: Clock,
  ) {}

  /** @throws LifecycleUnavailable where Temporal does not take it for one of them: the others were told, and that one is with a later pass */
  async pass(): Promise<void> {
    const now = this.clock.now();
    const untold = await this.sets.untold();
    this.backOff.keep(untold.map(keyOf));
    const waited = this.seen.seenFor(GRACE_MS, untold.map(keyOf), now);
    await eachByItself(
      untold.filter((set) => waited.has(keyOf(set)) && this.backOff.isDue(keyOf(set), now)),
      (set) => this.tell(set, now),
    );
    if (now < this.nextCensus) return;
    await eachByItself(await this.sets.unfinished(), (set) =>
      hangs(set) ? this.signals.tell(set) : this.signals.ensureStarted(set),
    );
    this.nextCensus = now + CENSUS_EVERY_MS;
  }

  private async tell(set: DrainSetRecord, now: EpochMs): Promise<void> {
    this.backOff.tried(keyOf(set), now);
    try {
      await this.signals.tell(set);
    } catch (error) {
      if (!(error instanceof LifecycleRefused) || this.backOff.count(keyOf(set)) < TRIES_BEFORE_REBUILDING) throw error;
      await this.signals.rebuild(set);
    }
  }
}

function keyOf({ id, ruling }: DrainSetRecord): string {
  return `${id} ${ruling.seq}`;
}

/** @throws the first failure, once all were tried, or so many in a row failed that the next would too */
async function eachByItself<Item>(items: readonly Item[], attempt: (item: Item) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  let unansweredInARow = 0;
  for (const item of items) {
    try {
      await attempt(item);
      unansweredInARow = 0;
    } catch (error) {
      failures.push(error);
      if (!(error instanceof LifecycleRefused)) unansweredInARow += 1;
      if (unansweredInARow === ENOUGH_IN_A_ROW) break;
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Workflows of before could begin with being cancelled and do nothing about it; told again, they do. */
function hangs({ ruling, rulingSeq, members }: DrainSetRecord): boolean {
  return ruling.value === 'cancel' && rulingSeq === ruling.seq && members.some(({ state }) => state === 'QUEUED');
}
