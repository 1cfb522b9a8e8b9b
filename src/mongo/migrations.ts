import type { mongo } from 'mongoose';
import { dropSparseGoodbyes } from './former-indexes.js';
import { mendListKeys } from './list-keys.js';
import { fillUsedShares } from './used-shares.js';

/** Of the record. Code reads and writes records of its own major version, whatever their minor one. */
export interface SchemaVersion {
  major: number;
  minor: number;
}

/** What one batch did. */
export interface Batch {
  /** Where the next one goes on: kept in the record, so a plain value that MongoDB stores. */
  position: unknown;
  documents: number;
}

/**
 * A step from one schema version to the next. It is done in batches, each of which may be repeated by another process where this one dies: a
 * batch that is done twice has to leave the same. A minor version only adds (fields, collections, indexes), so that replicas of the version
 * before go on beside it. A major one takes away what only those replicas still need: they close the record before it begins.
 */
export interface Migration {
  to: SchemaVersion;
  /** For logs and /readyz, as the rest of "the record is being brought to schema 1.1: …". */
  does: string;
  /**
   * Does a part that takes some seconds at most.
   * @param position as the batch before returned it; undefined for the first
   * @returns undefined where nothing was left to do
   */
  batch(db: mongo.Db, position: unknown): Promise<Batch | undefined>;
}

/** How soon replicas hear of each other; in milliseconds. */
export interface MigrationTiming {
  /** A process that says nothing for so long has died, and another one goes on. */
  leaseMs: number;
  /** How often a process that has the record open looks whether it has become too new. */
  lookEveryMs: number;
  /** How long a major version is announced before it begins: older processes have looked by then, and have ended what they had in hand. */
  noticeMs: number;
}

/** Of the record as it was before its version was written into it. */
export const FIRST_VERSION: SchemaVersion = { major: 1, minor: 0 };

/** All that this code can do to a record, in order. Never changed once released; what is new comes last. */
const MIGRATIONS: readonly Migration[] = [
  { to: { major: 1, minor: 1 }, does: 'gives nodes what they are listed by', batch: mendListKeys },
  { to: { major: 1, minor: 2 }, does: 'gives heartbeats what machines use', batch: fillUsedShares },
  { to: { major: 1, minor: 3 }, does: 'makes the index of goodbyes anew', batch: dropSparseGoodbyes },
];

const TIMING: MigrationTiming = { leaseMs: 15_000, lookEveryMs: 10_000, noticeMs: 30_000 };

/** A table of migrations, and the version that it leads to. */
export class Migrations {
  constructor(
    private readonly table: readonly Migration[] = MIGRATIONS,
    readonly timing: MigrationTiming = TIMING,
  ) {}

  /** The version that this code knows. */
  get known(): SchemaVersion {
    return this.table.at(-1)?.to ?? FIRST_VERSION;
  }

  /** The first that is left to do; undefined where the record is as new as this code, or newer. */
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
