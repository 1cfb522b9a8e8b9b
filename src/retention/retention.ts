import { Inject, Injectable } from '@nestjs/common';
import { SteadyClock, type Clock } from '../mechanics/clock.js';
import { LeaseStore } from '../mechanics/lease-store.js';
import { BackgroundRounds } from '../process/background-rounds.js';
import { REPLICA } from '../process/process.module.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { ServiceLog } from '../process/service-log.js';
import { AuditExport } from './audit-export.js';
import type { SinkKind } from './audit-sink.js';
import { Expiry } from './expiry.js';

const LEASE = 'retention';
/** Duration of the lease, in milliseconds: longer than a slow sink takes for a batch. */
const LEASE_MS = 30_000;
const EXPORT_EVERY_MS = 2_000;
const COMPARE_EVERY_MS = 10_000;
const EXPIRE_EVERY_MS = 600_000;
/** Pause while there is more to do, in milliseconds. */
const SHORT_PAUSE_MS = 100;
/** Pause before a retry, in milliseconds. */
const FAILED_AGAIN_AFTER_MS = 10_000;
const KEY_OF: Readonly<Record<SinkKind, string>> = {
  file: 'Orchestrator.Audit.File',
  otlp: 'Orchestrator.Audit.OTLPEndpoint',
};

/**
 * Exports the audit and deletes old records, as long as its process runs, in one replica of the worker at a time. Separate from the reconciler, since a
 * hanging collector must not delay decisions.
 */
@Injectable()
export class Retention extends BackgroundRounds {
  private readonly failing = new Set<string>();
  private expireAt = 0;
  private compareAt = 0;
  private lacksSinks = false;
  private saidMissing = '';

  constructor(
    private readonly audit: AuditExport,
    private readonly expiry: Expiry,
    private readonly leases: LeaseStore,
    database: DatabaseProbe,
    @Inject(SteadyClock) private readonly clock: Clock,
    private readonly log: ServiceLog,
    @Inject(REPLICA) private readonly holder: string,
  ) {
    super(database, EXPORT_EVERY_MS, { leave: () => leases.release(LEASE, holder) });
  }

  protected async round(): Promise<number> {
    try {
      if (!(await this.hasAllSinks())) return EXPORT_EVERY_MS;
      if (!(await this.leases.hold(LEASE, this.holder, LEASE_MS))) return EXPORT_EVERY_MS;
      const more = await this.audit.pass();
      this.tell('the export of the audit', undefined);
      if (more) return SHORT_PAUSE_MS;
    } catch (error) {
      this.tell('the export of the audit', (error as Error).message);
      return FAILED_AGAIN_AFTER_MS;
    }
    return this.clock.now() >= this.expireAt ? this.expire() : EXPORT_EVERY_MS;
  }

  /** Whether this worker may work: one that lacks a sink would mark or delete events that the sink does not have. */
  private async hasAllSinks(): Promise<boolean> {
    if (this.clock.now() >= this.compareAt) {
      const missing = await this.audit.compare();
      this.compareAt = this.clock.now() + COMPARE_EVERY_MS;
      this.lacksSinks = missing.length > 0;
      this.tellMissing(missing);
      if (this.lacksSinks) await this.leases.release(LEASE, this.holder);
    }
    return !this.lacksSinks;
  }

  private tellMissing(missing: readonly SinkKind[]): void {
    const said = missing.join(', ');
    if (said === this.saidMissing) return;
    this.saidMissing = said;
    if (said === '') this.log.log({ msg: 'the audit: this worker has all sinks now' });
    else
      this.log.warn({
        msg: 'the audit: other workers have sinks that this one lacks, so it exports and deletes nothing; give all workers the same Orchestrator.Audit. A sink that no worker has is forgotten after a day',
        missing: missing.map((kind) => KEY_OF[kind]),
      });
  }

  private async expire(): Promise<number> {
    const results = await this.expiry.pass();
    for (const { name, gone, failure } of results) {
      this.tell(name, failure);
      if (gone > 0) this.log.log({ msg: `${name} were deleted for their age`, count: gone });
    }
    if (results.some(({ more }) => more)) return SHORT_PAUSE_MS;
    const failed = results.some(({ failure }) => failure !== undefined);
    this.expireAt = this.clock.now() + (failed ? FAILED_AGAIN_AFTER_MS : EXPIRE_EVERY_MS);
    return EXPORT_EVERY_MS;
  }

  /** Logs a failure once when it begins, and once when it is over. */
  private tell(what: string, failure: string | undefined): void {
    if (failure === undefined) {
      if (this.failing.delete(what)) this.log.log({ msg: `${what}: works again` });
      return;
    }
    if (!this.failing.has(what))
      this.log.warn({ msg: `${what}: nothing is kept or deleted at the moment; trying again`, reason: failure });
    this.failing.add(what);
  }
}
