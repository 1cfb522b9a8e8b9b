import { Inject, Injectable } from '@nestjs/common';
import type { Counter, Gauge, Histogram } from 'prom-client';
import type { EpochMs } from '../../contract/states.js';
import { SteadyClock, type Clock } from '../mechanics/clock.js';
import { LeaseStore } from '../mechanics/lease-store.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { ServiceLog } from '../process/service-log.js';
import { REPLICA } from '../process/process.module.js';
import { TemporalProbe } from '../process/server-probe.js';
import { InjectedParts, type ReconcilerParts } from './reconciler-parts.js';

const LEASE = 'reconciler';
/** Duration of the lease, in milliseconds: enough for the slowest part of a pass, and short enough for a quick takeover. */
const LEASE_MS = 15_000;
const CENSUS_EVERY_MS = 30_000;
const SESSIONS_EVERY_MS = 5_000;
const WINDOWS_EVERY_MS = 5_000;
const SLOTS_EVERY_MS = 3_600_000;
/** How often list keys are mended, in milliseconds: replicas of an older version do not write them during an upgrade. */
const LISTS_EVERY_MS = 300_000;
/** Rest after a session census, as a multiple of its duration: in a large fleet it takes a while. */
const SESSIONS_REST = 20;
const REPORT_EVERY_MS = 10_000;
/** Pause before a failed part is tried again, in milliseconds; parts of every pass are tried with the next. */
const FAILED_AGAIN_AFTER_MS = 5_000;

interface Part {
  /** For the log. */
  name: string;
  /** Time between runs, in milliseconds; 0 for a run in every pass. */
  everyMs: number;
  /** @returns a minimum rest, in milliseconds, where that exceeds `everyMs` */
  run(): Promise<number | void>;
  nextAt: EpochMs;
  failing: boolean;
}

/**
 * Makes Temporal match the record, whatever was lost in between. One replica of the worker does so at a time; two would do no harm, only tell
 * workflows the same twice. A failing part of a pass does not stop the others.
 */
@Injectable()
export class Reconciler {
  private readonly parts: readonly Part[];
  private unreachable = false;
  private othersWait = false;
  private reminded = 0;
  private nextReport: EpochMs = 0;
  private readonly drift: Counter<'part' | 'outcome'>;
  private readonly failures: Counter<'part'>;
  private readonly passes: Histogram;
  private readonly unapplied: Gauge;
  private readonly oldest: Gauge;

  /** @param holder this replica's name in the lease */
  constructor(
    @Inject(InjectedParts) {
      reminder,
      drainSets,
      windows,
      sweeper,
      census,
      histories,
      sessions,
      slots,
      conditions,
      versions,
      lists,
    }: ReconcilerParts,
    private readonly leases: LeaseStore,
    @Inject(TemporalProbe) private readonly temporal: Pick<TemporalProbe, 'check'>,
    @Inject(SteadyClock) private readonly clock: Clock,
    private readonly log: ServiceLog,
    @Inject(REPLICA) private readonly holder: string,
    metrics: MetricRegistry,
  ) {
    this.drift = metrics.counter(
      'rollcall_reconciler_drift_total',
      'Differences between the record and Temporal that passes found, by part, and whether they repaired them',
      ['part', 'outcome'],
    );
    this.failures = metrics.counter(
      'rollcall_reconciler_failures_total',
      'Turns of a part that failed; each is tried again',
      ['part'],
    );
    this.passes = metrics.histogram(
      'rollcall_reconciler_pass_duration_seconds',
      'How long passes took, of the replica of the worker that does them',
      [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60],
    );
    this.unapplied = metrics.gauge(
      'rollcall_unapplied_decisions',
      'Decisions that are committed and that no workflow has applied, as of some seconds ago, by the replica that reconciles; 10000 stands for all above',
    );
    this.oldest = metrics.gauge(
      'rollcall_oldest_unapplied_decision_seconds',
      'How long ago the oldest of them was committed; 0 where there is none',
    );
    const part = (name: string, everyMs: number, run: Part['run']): Part => ({
      name,
      everyMs,
      run,
      nextAt: 0,
      failing: false,
    });
    this.parts = [
      part('decisions', 0, () => this.remind(reminder)),
      part('drain sets', 0, () => drainSets.pass()),
      part('maintenance windows', WINDOWS_EVERY_MS, () => this.mendWindows(windows)),
      part('the sweeper', CENSUS_EVERY_MS, () => sweeper.ensureStarted()),
      part('workflows', CENSUS_EVERY_MS, () => this.takeCensus(census)),
      part('histories', CENSUS_EVERY_MS, () => this.takeHistories(histories)),
      part('sessions', SESSIONS_EVERY_MS, () => this.takeSessions(sessions)),
      part('slots', SLOTS_EVERY_MS, () => this.clearSlots(slots)),
      part('conditions', CENSUS_EVERY_MS, () => this.tellConditions(conditions)),
      part('versions', CENSUS_EVERY_MS, () => this.takeVersions(versions)),
      part('lists', LISTS_EVERY_MS, () => this.mendLists(lists)),
    ];
    for (const { name } of this.parts) this.failures.inc({ part: name }, 0);
    for (const name of [
      'decisions',
      'workflows',
      'histories',
      'sessions',
      'slots',
      'conditions',
      'lists',
      'maintenance windows',
    ])
      this.found(name, { repaired: 0 });
    this.found('workflows', { left: 0 });
  }

  /**
   * One pass. Never rejects: later passes do what this one could not.
   * @returns whether there is more to do soon
   */
  async pass(): Promise<boolean> {
    this.othersWait = false;
    let answers = false;
    const began = this.clock.now();
    try {
      for (const part of this.parts.filter(({ nextAt }) => this.clock.now() >= nextAt)) {
        // A replica whose parts take longer than the lease may lose it, and then stops between two parts.
        if (!(await this.leases.hold(LEASE, this.holder, LEASE_MS))) {
          this.leaveToOthers();
          return false;
        }
        if (!answers) await this.temporal.check();
        answers = true;
        await this.attempt(part);
      }
      if (this.unreachable) this.log.log({ msg: 'reconciliation works again' });
      this.unreachable = false;
      this.passes.observe((this.clock.now() - began) / 1_000);
    } catch (error) {
      // Logged once per outage, since a pass runs every second.
      if (!this.unreachable)
        this.log.warn({ msg: 'cannot reconcile at the moment; trying again', reason: (error as Error).message });
      this.unreachable = true;
      return false;
    }
    return this.othersWait;
  }

  /** Releases the lease, so that another replica takes over at once. */
  async release(): Promise<void> {
    await this.leases.release(LEASE, this.holder);
  }

  private async attempt(part: Part): Promise<void> {
    try {
      const restMs = (await part.run()) ?? 0;
      part.nextAt = this.clock.now() + Math.max(part.everyMs, restMs);
      if (part.failing) this.log.log({ msg: `reconciliation of ${part.name} works again` });
      part.failing = false;
    } catch (error) {
      part.nextAt = this.clock.now() + Math.min(part.everyMs, FAILED_AGAIN_AFTER_MS);
      if (!part.failing)
        this.log.warn({
          msg: `cannot reconcile ${part.name} at the moment; trying again`,
          reason: (error as Error).message,
        });
      part.failing = true;
      this.failures.inc({ part: part.name });
    }
  }

  private async remind(reminder: ReconcilerParts['reminder']): Promise<void> {
    const { said, othersWait, unapplied, oldestMs } = await reminder.pass();
    this.othersWait = othersWait;
    this.unapplied.set(unapplied);
    this.oldest.set(oldestMs / 1_000);
    this.found('decisions', { repaired: said });
    this.tell(said);
  }

  private found(part: string, findings: Partial<Record<'repaired' | 'left', number>>): void {
    for (const [outcome, count] of Object.entries(findings)) this.drift.inc({ part, outcome }, count);
  }

  /** Clears the gauges, which another replica reports now. */
  private leaveToOthers(): void {
    this.unapplied.remove();
    this.oldest.remove();
  }

  /** Logs the number of repeated decisions, every few seconds at most. */
  private tell(reminded: number): void {
    this.reminded += reminded;
    const now = this.clock.now();
    if (this.reminded === 0 || now < this.nextReport) return;
    this.log.log({ msg: 'decisions were signalled again, or waited for their turn', count: this.reminded });
    this.reminded = 0;
    this.nextReport = now + REPORT_EVERY_MS;
  }

  private async takeSessions(sessions: ReconcilerParts['sessions']): Promise<number> {
    const began = this.clock.now();
    const settled = await sessions.take();
    this.found('sessions', { repaired: settled });
    if (settled > 0)
      this.log.log({ msg: 'sessions in the records and in workflows were not the same', nodes: settled });
    return (this.clock.now() - began) * SESSIONS_REST;
  }

  private async clearSlots(slots: ReconcilerParts['slots']): Promise<void> {
    const removed = await slots.pass();
    this.found('slots', { repaired: removed });
    if (removed > 0) this.log.log({ msg: 'slots whose token expired unused were removed', removed });
  }

  private async tellConditions(conditions: ReconcilerParts['conditions']): Promise<void> {
    const told = await conditions.pass();
    this.found('conditions', { repaired: told });
    if (told > 0) this.log.log({ msg: 'workflows had not heard what checks say of their nodes', nodes: told });
  }

  private async mendLists(lists: ReconcilerParts['lists']): Promise<void> {
    const mended = await lists.mendLists();
    this.found('lists', { repaired: mended });
    if (mended > 0) this.log.log({ msg: 'nodes were not listed by what they are', nodes: mended });
  }

  private async mendWindows(windows: ReconcilerParts['windows']): Promise<void> {
    const repaired = await windows.pass();
    this.found('maintenance windows', { repaired });
    if (repaired > 0)
      this.log.log({ msg: 'schedules of maintenance windows were not as the record has them', repaired });
  }

  private async takeVersions(versions: ReconcilerParts['versions']): Promise<void> {
    const { woken, waiting } = await versions.take();
    if (woken > 0) this.log.log({ msg: 'lifecycles of an earlier version were told to go over', woken });
    for (const { buildId, count } of waiting)
      this.log.warn({ msg: 'lifecycles wait for a worker of their version: start one', buildId, lifecycles: count });
  }

  private async takeHistories(histories: ReconcilerParts['histories']): Promise<void> {
    const retold = await histories.take();
    this.found('histories', { repaired: retold });
    if (retold > 0)
      this.log.log({ msg: 'records and workflows went by different histories: one side was set back', nodes: retold });
  }

  private async takeCensus(census: ReconcilerParts['census']): Promise<void> {
    const { started, ended, unknown, refusing, blocked } = await census.take();
    this.found('workflows', { repaired: started + ended, left: unknown + refusing });
    if (started + ended + unknown + refusing > 0)
      this.log.log({ msg: 'workflows and nodes did not match', started, ended, unknown, refusing });
    for (const reason of blocked) this.log.warn({ msg: reason });
  }
}
