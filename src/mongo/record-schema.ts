import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Connection } from 'mongoose';
import { ROLLCALL_VERSION } from '../process/program.js';
import { isDatabaseUnavailable } from './database-unavailable.js';
import { isLater, Migrations, shownVersion, type Migration } from './migrations.js';
import { MongoLeaseStore } from './mongo-lease-store.js';
import { RecordClock } from './record-clock.js';
import { SchemaVersionStore, type RunningMigration, type SchemaVersionDocument } from './schema-version-store.js';
import { LEASES, leaseDocumentSchema, type LeaseDocument } from './schemas/lease.schema.js';

const LEASE = 'migration';
/** How often a process that waits for another's migration looks, and how often progress is logged, in milliseconds. */
const WAIT_MS = 1_000;
const TELL_EVERY_MS = 10_000;

/** The record has a newer major version than this code, which must neither read nor write it. */
export class RecordTooNew extends Error {
  override readonly name = 'RecordTooNew';

  constructor({ version, by, running }: SchemaVersionDocument, known: string) {
    const newer = running && isLater(running.to, version) ? { version: running.to, by: running.by } : { version, by };
    super(
      `the record has schema ${shownVersion(newer.version)} of Rollcall ${newer.by}, and this process (Rollcall ${ROLLCALL_VERSION}) knows schemas up to ${known}: start Rollcall ${newer.by} or later`,
    );
  }
}

/** A migration failed for another reason than that MongoDB is unavailable. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
}

interface Progress {
  /** Called with what is being waited for, in words. */
  waitsFor: (what: string) => void;
  stop: AbortSignal;
}

/**
 * Migrates the record to this code's schema version before anything else reads or writes it. Of several processes that start at once, one does
 * so, batch by batch, while the others wait; where it dies, another continues. See docs/adr/0032.
 */
@Injectable()
export class RecordSchema {
  private readonly logger = new Logger(RecordSchema.name);
  private readonly holder = randomUUID();
  private toldAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly migrations: Migrations,
    private readonly clock: RecordClock,
  ) {}

  get lookEveryMs(): number {
    return this.migrations.timing.lookEveryMs;
  }

  /** @throws RecordTooNew where the record has become too new since it was opened */
  async look(connection: Connection): Promise<void> {
    const found = await new SchemaVersionStore(connection).find();
    if (found) this.refuseNewer(found);
  }

  /**
   * @throws RecordTooNew
   * @throws MigrationFailed
   */
  async bringUp(connection: Connection, progress: Progress): Promise<void> {
    const store = new SchemaVersionStore(connection);
    const leases = new MongoLeaseStore(connection.model<LeaseDocument>(LEASES, leaseDocumentSchema, LEASES));
    for (;;) {
      progress.stop.throwIfAborted();
      const found = await store.findOrBegin(this.migrations.known);
      this.refuseNewer(found);
      const migration = this.migrations.after(found.version);
      if (migration === undefined) return this.tellOfNewer(found);
      if (await leases.hold(LEASE, this.holder, this.migrations.timing.leaseMs)) {
        if (await this.migrate(store, leases, found, migration, progress)) continue;
      } else {
        this.tell(found.running ?? { ...migration, documents: 0 }, 'by another process', progress);
      }
      await pause(WAIT_MS, undefined, { signal: progress.stop });
    }
  }

  /** @returns whether it is done; otherwise another process has taken it over */
  private async migrate(
    store: SchemaVersionStore,
    leases: MongoLeaseStore,
    found: SchemaVersionDocument,
    migration: Migration,
    progress: Progress,
  ): Promise<boolean> {
    const { leaseMs } = this.migrations.timing;
    // A batch may take longer than the lease, so the lease is renewed meanwhile; a process that cannot even do that counts as dead.
    const renewing = setInterval(
      () => void leases.hold(LEASE, this.holder, leaseMs).catch(() => undefined),
      leaseMs / 3,
    );
    try {
      const taken = await store.take(found, migration, this.holder, this.clock.now());
      if (taken === undefined) return false;
      const isMajor = migration.to.major > found.version.major;
      if (isMajor) await this.giveNotice(taken, progress);
      const done = await this.batches(store, taken, migration, progress);
      if (done === undefined || !(await store.finish(done, this.clock.now()))) return false;
      const { to, does, documents } = done;
      this.logger.log({ msg: `the record has schema ${shownVersion(to)} now`, does, documents });
      return true;
    } catch (error) {
      if (progress.stop.aborted || isDatabaseUnavailable(error)) throw error;
      throw new MigrationFailed(
        `the record cannot be brought to schema ${shownVersion(migration.to)} (${migration.does}): ${(error as Error).message}`,
        { cause: error },
      );
    } finally {
      clearInterval(renewing);
      await leases.release(LEASE, this.holder).catch(() => undefined);
    }
  }

  /** @returns undefined where another process has taken it over */
  private async batches(
    store: SchemaVersionStore,
    taken: RunningMigration,
    migration: Migration,
    progress: Progress,
  ): Promise<RunningMigration | undefined> {
    const stopped = once(progress.stop, 'abort').then((): never => {
      throw progress.stop.reason;
    });
    stopped.catch(() => undefined);
    let running: RunningMigration | undefined = taken;
    while (running) {
      progress.stop.throwIfAborted();
      this.tell(running, '', progress);
      // A stopping process does not wait for its batch: the next process repeats it.
      const batch = await Promise.race([migration.batch(store.db, running.position ?? undefined), stopped]);
      if (batch === undefined) return running;
      running = await store.goOn(running, batch);
    }
    return undefined;
  }

  /** Waits until older processes have found the announcement at their next look, and closed the record. */
  private async giveNotice(running: RunningMigration, progress: Progress): Promise<void> {
    const leftMs = running.since + this.migrations.timing.noticeMs - this.clock.now();
    if (leftMs <= 0) return;
    this.tell(running, 'once older processes have closed it', progress);
    await pause(leftMs, undefined, { signal: progress.stop });
  }

  private tell(
    { to, does, documents }: Pick<RunningMigration, 'to' | 'does' | 'documents'>,
    how: string,
    { waitsFor }: Progress,
  ): void {
    const what = `the record is being brought to schema ${shownVersion(to)}${how === '' ? '' : ` ${how}`}: ${does}, ${documents} documents so far`;
    waitsFor(what);
    if (performance.now() - this.toldAt < TELL_EVERY_MS) return;
    this.toldAt = performance.now();
    this.logger.log({ msg: what });
  }

  private refuseNewer(found: SchemaVersionDocument): void {
    const { known } = this.migrations;
    const newest = Math.max(found.version.major, found.running?.to.major ?? 0);
    if (newest > known.major) throw new RecordTooNew(found, shownVersion(known));
  }

  private tellOfNewer({ version, by }: SchemaVersionDocument): void {
    const { known } = this.migrations;
    if (!isLater(version, known)) return;
    this.logger.log({
      msg: `the record has schema ${shownVersion(version)} of Rollcall ${by}, which only adds to the ${shownVersion(known)} that this process knows`,
    });
  }
}
