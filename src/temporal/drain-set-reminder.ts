import type { EpochMs } from '../../contract/states.js';
import type { Clock } from '../clock.js';
import type { DrainSetRecord } from '../drains/drain-set-record.js';
import type { DrainSetStore } from '../drains/drain-set-store.js';
import { BackOff } from './back-off.js';
import type { DrainSetSignals } from './drain-set-signals.js';

/** The api tells right after it commits: until then there is nothing to make up for. */
const GRACE_MS = 2_000;
const CENSUS_EVERY_MS = 60_000;

/** Makes up for workflows of drain sets that were not started, not told, or lost with Temporal's database. */
export class DrainSetReminder {
  private readonly backOff = new BackOff();
  private nextCensus: EpochMs = 0;

  constructor(
    private readonly sets: DrainSetStore,
    private readonly signals: DrainSetSignals,
    private readonly clock: Clock,
  ) {}

  /** @throws LifecycleUnavailable where Temporal does not answer: the rest waits for the next pass */
  async pass(): Promise<void> {
    const now = this.clock.now();
    const untold = await this.sets.untold(now - GRACE_MS);
    const keyOf = ({ id, ruling }: (typeof untold)[number]) => `${id} ${ruling.seq}`;
    this.backOff.keep(untold.map(keyOf));
    for (const set of untold) {
      if (!this.backOff.isDue(keyOf(set), now)) continue;
      this.backOff.tried(keyOf(set), now);
      await this.signals.tell(set);
    }
    if (now < this.nextCensus) return;
    for (const set of await this.sets.unfinished()) await (hangs(set) ? this.signals.tell(set) : this.signals.ensureStarted(set));
    this.nextCensus = now + CENSUS_EVERY_MS;
  }
}

/** Workflows of before could begin with being cancelled and do nothing about it; told again, they do. */
function hangs({ ruling, rulingSeq, members }: DrainSetRecord): boolean {
  return ruling.value === 'cancel' && rulingSeq === ruling.seq && members.some(({ state }) => state === 'QUEUED');
}
