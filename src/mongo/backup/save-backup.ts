import type { ClientSession, Connection, mongo } from 'mongoose';
import { CLUSTER } from '../schemas/cluster.schema.js';
import { readAsOf } from '../snapshot.js';
import { writeBackup, type BackupDocument, type BackupHead, type Counts } from './backup-file.js';

/**
 * Writes all collections of the database as they were at one moment. Heartbeats of the past are left out: they are plots, and gone in a week
 * (docs/adr/0013). MongoDB keeps a moment for five minutes (minSnapshotHistoryWindowInSeconds), and what takes longer fails.
 * @returns what was written
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

/** MongoDB's clock. */
export async function nowOf(db: mongo.Db): Promise<Date> {
  return ((await db.command({ hello: 1 })) as { localTime: Date }).localTime;
}

/** All but time series and MongoDB's own. */
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
