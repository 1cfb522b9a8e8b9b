import { Inject, Injectable } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { SteadyClock, type Clock } from '../mechanics/clock.js';
import type { DrainSetRecord } from '../drains/drain-set-record.js';
import { DrainSetStore } from '../drains/drain-set-store.js';
import { BackOff } from '../mechanics/back-off.js';
import { DrainSetSignals } from '../drains/drain-set-signals.js';
import { FirstSeen } from '../mechanics/first-seen.js';
import { LifecycleRefused } from '../lifecycle/lifecycle-signals.js';

/** Age below which a ruling is left alone, in milliseconds: the api signals right after the commit. */
const GRACE_MS = 2_000;
const CENSUS_EVERY_MS = 60_000;
/** Refusals after which a workflow is rebuilt. */
const TRIES_BEFORE_REBUILDING = 3;
/** Consecutive unanswered attempts after which Temporal counts as unavailable. */
const ENOUGH_IN_A_ROW = 3;

/** Starts and signals workflows of drain sets that were not started, missed a ruling, or were lost with Temporal's database. */
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

  /** @throws LifecycleUnavailable where one or more could not be told; later passes try them again */
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

/** @throws the first failure, after all items were attempted, or after ENOUGH_IN_A_ROW consecutive unanswered attempts */
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

/** Whether a workflow of an earlier version, started with a cancellation, may have ignored it; signalled again, it complies. */
function hangs({ ruling, rulingSeq, members }: DrainSetRecord): boolean {
  return ruling.value === 'cancel' && rulingSeq === ruling.seq && members.some(({ state }) => state === 'QUEUED');
}
