import type { mongo } from 'mongoose';
import { mendListKeys } from './list-keys.js';
import { fillUsedShares } from './used-shares.js';
import { HEARTBEATS } from './schemas/heartbeat.schema.js';

/** The record's schema version. Code reads and writes records of its own major version, with any minor version. */
export interface SchemaVersion {
  major: number;
  minor: number;
}

/** Result of one batch. */
export interface Batch {
  /** Where the next batch continues: kept in the record, hence a value that MongoDB can store. */
  position: unknown;
  documents: number;
}

/**
 * A step from one schema version to the next, done in batches. Batches must be idempotent: another process repeats the last one where this
 * one dies. A minor version only adds (fields, collections, indexes), so replicas of the previous version keep running beside it. A major
 * version removes what only those replicas still need: they close the record before it begins.
 */
export interface Migration {
  to: SchemaVersion;
  /** For logs and /readyz: completes "the record is being brought to schema 1.1: …". */
  does: string;
  /**
   * Does a part of the work, which takes a few seconds at most.
   * @param position as returned by the previous batch; undefined for the first
   * @returns undefined where nothing is left to do
   */
  batch(db: mongo.Db, position: unknown): Promise<Batch | undefined>;
}

/** Timing of the coordination between replicas. */
export interface MigrationTiming {
  /** After this long without renewal, in milliseconds, a process counts as dead and another takes over. */
  leaseMs: number;
  /** How often a process with an open record checks whether that has become too new, in milliseconds. */
  lookEveryMs: number;
  /** How long a major version is announced before it begins, in milliseconds: older processes have noticed and finished by then. */
  noticeMs: number;
}

/** The version of a record in which no version is written yet. */
export const FIRST_VERSION: SchemaVersion = { major: 1, minor: 0 };

/** All migrations, in order. Append-only: a released one never changes. */
const MIGRATIONS: readonly Migration[] = [
  { to: { major: 1, minor: 1 }, does: 'gives nodes what they are listed by', batch: mendListKeys },
  { to: { major: 1, minor: 2 }, does: 'gives heartbeats what machines use', batch: fillUsedShares },
  { to: { major: 1, minor: 3 }, does: 'makes the index of goodbyes anew', batch: dropSparseGoodbyes },
];

const TIMING: MigrationTiming = { leaseMs: 15_000, lookEveryMs: 10_000, noticeMs: 30_000 };

/** A list of migrations and the version that it leads to. */
export class Migrations {
  constructor(
    private readonly table: readonly Migration[] = MIGRATIONS,
    readonly timing: MigrationTiming = TIMING,
  ) {}

  /** The newest version that this code knows. */
  get known(): SchemaVersion {
    return this.table.at(-1)?.to ?? FIRST_VERSION;
  }

  /** The next migration to do; undefined where the record is as new as this code, or newer. */
  after(version: SchemaVersion): Migration | undefined {
    return this.table.find(({ to }) => isLater(to, version));
  }
}

export function isLater(a: SchemaVersion, b: SchemaVersion): boolean {
  return a.major === b.major ? a.minor > b.minor : a.major > b.major;
}

export function shownVersion({ major, minor }: SchemaVersion): string {
  return `${major}.${minor}`;
}

const GOODBYES = 'saidGoodbyeAt_1';
const NO_COLLECTION = 26;
const NO_INDEX = 27;

/** Drops the former sparse index, whose name the partial one that replaces it needs. */
async function dropSparseGoodbyes(db: mongo.Db): Promise<Batch | undefined> {
  const heartbeats = db.collection(HEARTBEATS);
  try {
    const indexes = await heartbeats.indexes();
    if (indexes.some(({ name, sparse }) => name === GOODBYES && sparse === true)) await heartbeats.dropIndex(GOODBYES);
  } catch (error) {
    // The collection does not exist yet, or another process dropped the index first.
    if (![NO_COLLECTION, NO_INDEX].includes(Number((error as mongo.MongoServerError).code))) throw error;
  }
  return undefined;
}
