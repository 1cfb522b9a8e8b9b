import type { Clock } from '../clock.js';
import type { EpochMs } from '../../contract/states.js';
import type { DecisionReminder } from './decision-reminder.js';
import type { DrainSetReminder } from './drain-set-reminder.js';
import type { LeaseStore } from './lease-store.js';
import type { TemporalSilenceSweeper } from './temporal-silence-sweeper.js';
import type { WorkflowCensus } from './workflow-census.js';

const LEASE = 'reconciler';
/** Long enough for a slow pass, short enough that another replica takes over soon. In milliseconds. */
const LEASE_MS = 15_000;
const CENSUS_EVERY_MS = 60_000;
const REPORT_EVERY_MS = 10_000;

/** What the reconciler tells the log. */
export interface ReconcilerLog {
  warn(entry: Record<string, unknown>): void;
  log(entry: Record<string, unknown>): void;
}

/**
 * Brings Temporal back to what the record says, whatever was lost in between. One replica of the worker does it at a
 * time; were it two for a moment, they would say the same things twice, and nobody minds.
 */
export class Reconciler {
  private nextCensus: EpochMs = 0;
  private failing = false;
  private reminded = 0;
  private nextReport: EpochMs = 0;

  /** @param holder names this replica in the lease */
  constructor(
    private readonly reminder: DecisionReminder,
    private readonly census: WorkflowCensus,
    private readonly drainSets: DrainSetReminder,
    private readonly sweeper: TemporalSilenceSweeper,
    private readonly leases: LeaseStore,
    private readonly clock: Clock,
    private readonly log: ReconcilerLog,
    private readonly holder: string,
  ) {}

  /**
   * One pass. Never rejects: what could not be done now is done by a later one.
   * @returns whether there is more to do in a moment
   */
  async pass(): Promise<boolean> {
    try {
      if (!(await this.leases.hold(LEASE, this.holder, LEASE_MS))) return false;
      const { said, othersWait } = await this.reminder.pass();
      this.tell(said);
      await this.drainSets.pass();
      if (this.clock.now() >= this.nextCensus) await this.takeCensus();
      if (this.failing) this.log.log({ msg: 'reconciliation works again' });
      this.failing = false;
      return othersWait;
    } catch (error) {
      // Once an outage: it is tried every second.
      if (!this.failing) this.log.warn({ msg: 'cannot reconcile at the moment; trying again', reason: (error as Error).message });
      this.failing = true;
      return false;
    }
  }

  /** Lets another replica go on at once. */
  async release(): Promise<void> {
    await this.leases.release(LEASE, this.holder);
  }

  /** Of a crowd it says every few seconds how many there were. */
  private tell(reminded: number): void {
    this.reminded += reminded;
    const now = this.clock.now();
    if (this.reminded === 0 || now < this.nextReport) return;
    this.log.log({ msg: 'decisions were signalled again, or waited for their turn', count: this.reminded });
    this.reminded = 0;
    this.nextReport = now + REPORT_EVERY_MS;
  }

  private async takeCensus(): Promise<void> {
    await this.sweeper.ensureStarted();
    const findings = await this.census.take();
    this.nextCensus = this.clock.now() + CENSUS_EVERY_MS;
    const { started, ended, unknown, blocked } = findings;
    if (started + ended + unknown > 0) this.log.log({ msg: 'workflows and nodes did not match', started, ended, unknown });
    for (const reason of blocked) this.log.warn({ msg: reason });
  }
}
