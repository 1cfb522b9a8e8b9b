import type { Connection, mongo } from 'mongoose';
import type { EpochMs } from '../../contract/states.js';
import { ROLLCALL_VERSION } from '../process/program.js';
import { isDuplicateKey } from './duplicate-key.js';
import { FIRST_VERSION, type Batch, type Migration, type SchemaVersion } from './migrations.js';

export const SCHEMA_VERSION = 'schemaversion';

const RECORD = 'record';

/** A migration that is under way, or was when its process died. */
export interface RunningMigration {
  to: SchemaVersion;
  does: string;
  /** The process that runs it. */
  holder: string;
  /** The Rollcall version of that process. */
  by: string;
  since: EpochMs;
  position: unknown;
  documents: number;
}

/** The one document with the record's schema version. */
export interface SchemaVersionDocument {
  _id: typeof RECORD;
  version: SchemaVersion;
  /** The version of Rollcall that brought the record there. */
  by: string;
  running?: RunningMigration;
  /** All completed migrations. */
  done: (Pick<RunningMigration, 'to' | 'does' | 'by' | 'since' | 'documents'> & { at: EpochMs })[];
}

/** Reads and writes the record's schema version. Progress of a migration is only written while no other process has taken it over. */
export class SchemaVersionStore {
  readonly db: mongo.Db;
  private readonly documents: mongo.Collection<SchemaVersionDocument>;

  constructor(connection: Connection) {
    if (connection.db === undefined) throw new Error('the connection to MongoDB is not open');
    this.db = connection.db;
    this.documents = this.db.collection(SCHEMA_VERSION);
  }

  find(): Promise<SchemaVersionDocument | null> {
    return this.documents.findOne({ _id: { $eq: RECORD } });
  }

  /** @param known the version that an empty record begins with */
  async findOrBegin(known: SchemaVersion): Promise<SchemaVersionDocument> {
    const found = await this.find();
    if (found) return found;
    const isEmpty = (await this.db.listCollections({}, { nameOnly: true }).toArray()).length === 0;
    const begun = { _id: RECORD, version: isEmpty ? known : FIRST_VERSION, by: ROLLCALL_VERSION, done: [] } as const;
    try {
      await this.documents.insertOne({ ...begun, done: [] });
    } catch (error) {
      // Another process inserted it first.
      if (!isDuplicateKey(error)) throw error;
    }
    return this.findOrBegin(known);
  }

  /**
   * Announces a migration, or takes over one that another process left.
   * @returns undefined where the record has changed meanwhile
   */
  async take(
    from: SchemaVersionDocument,
    { to, does }: Migration,
    holder: string,
    now: EpochMs,
  ): Promise<RunningMigration | undefined> {
    const left = from.running;
    const running: RunningMigration = left
      ? { ...left, holder, by: ROLLCALL_VERSION }
      : { to, does, holder, by: ROLLCALL_VERSION, since: now, position: null, documents: 0 };
    const unchanged = left ? { ...held(left), 'running.position': left.position } : { running: { $exists: false } };
    const taken = await this.documents.updateOne(
      { _id: RECORD, ...at('version', from.version), ...unchanged },
      { $set: { running } },
    );
    return taken.matchedCount === 1 ? running : undefined;
  }

  /** @returns undefined where another process has taken it over */
  async goOn(running: RunningMigration, { position, documents }: Batch): Promise<RunningMigration | undefined> {
    const next = { ...running, position, documents: running.documents + documents };
    const kept = await this.documents.updateOne(held(running), { $set: { running: next } });
    return kept.matchedCount === 1 ? next : undefined;
  }

  /** @returns whether no other process has taken it over */
  async finish(running: RunningMigration, now: EpochMs): Promise<boolean> {
    const { to, does, by, since, documents } = running;
    const finished = await this.documents.updateOne(held(running), {
      $set: { version: to, by },
      $unset: { running: 1 },
      $push: { done: { to, does, by, since, documents, at: now } },
    });
    return finished.matchedCount === 1;
  }
}

function held({ to, holder }: RunningMigration) {
  return { _id: RECORD, ...at('running.to', to), 'running.holder': holder } as const;
}

function at(path: string, { major, minor }: SchemaVersion) {
  return { [`${path}.major`]: major, [`${path}.minor`]: minor };
}
