import type { ClientSession, Connection, mongo } from 'mongoose';
import { CLUSTER } from '../schemas/cluster.schema.js';
import { readAsOf } from '../snapshot.js';
import { writeBackup, type BackupDocument, type BackupHead, type Counts } from './backup-file.js';

/**
 * Writes all collections of the database as of one moment. The history of heartbeats is left out: it serves plots and expires within a week
 * (docs/adr/0013). MongoDB keeps a snapshot for five minutes (minSnapshotHistoryWindowInSeconds); a backup that takes longer fails.
 * @returns the header and counts that were written
 */
export async function saveBackup(connection: Connection, path: string): Promise<BackupHead & { counts: Counts }> {
  const db = databaseOf(connection);
  const { result } = await readAsOf(connection, undefined, async (session) => {
    const identity = await db.collection(CLUSTER).findOne({}, { session });
    const head = { clusterId: identityOf(identity), at: (await nowOf(db)).toISOString() };
    return { ...head, counts: await writeBackup(path, head, allDocuments(db, session)) };
  });
  return result;
}

export function databaseOf({ db }: Connection): mongo.Db {
  if (db === undefined) throw new Error('there is no connection');
  return db;
}

/** The time by MongoDB's clock. */
export async function nowOf(db: mongo.Db): Promise<Date> {
  return ((await db.command({ hello: 1 })) as { localTime: Date }).localTime;
}

/** Names of all collections but time series and MongoDB's own. */
export async function collectionsOf(db: mongo.Db): Promise<string[]> {
  const found = await db.listCollections({ type: 'collection' }, { nameOnly: true }).toArray();
  return found
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .toSorted();
}

async function* allDocuments(db: mongo.Db, session: ClientSession): AsyncGenerator<BackupDocument> {
  for (const name of await collectionsOf(db))
    for await (const document of db.collection(name).find({}, { session, promoteValues: false, batchSize: 1_000 }))
      yield [name, document];
}

function identityOf(document: mongo.Document | null): string | null {
  return document === null ? null : String(document['id']);
}
