import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, mongo } from 'mongoose';
import { CLUSTER } from '../schemas/cluster.schema.js';
import { LEASES, type LeaseDocument } from '../schemas/lease.schema.js';
import { PULSES, type PulseDocument } from '../schemas/pulse.schema.js';
import { backupDocuments, inspectBackup, type BackupHead, type Counts } from './backup-file.js';
import { collectionsOf, databaseOf } from './save-backup.js';

/** A running api or worker writes several times within this time, in milliseconds. */
const SIGN_WITHIN_MS = 4_000;
const BATCH = 500;

/** The database must not be overwritten. */
export class RestoreRefused extends Error {}

/**
 * Restores a backup and empties collections that it does not contain. The cluster's id is written last: without it, a partly restored database
 * does not match Temporal's namespace (docs/adr/0022) and has to be restored again.
 * @param replace whether existing documents may be deleted
 * @throws UnusableBackup or RestoreRefused, before anything is changed
 */
export async function restoreBackup(
  connection: Connection,
  path: string,
  replace: boolean,
): Promise<BackupHead & { counts: Counts }> {
  const backup = await inspectBackup(path);
  const db = databaseOf(connection);
  await refuseWhereUsed(db);
  const there = await collectionsOf(db);
  if (!replace) await refuseWhereFull(db, there);
  for (const name of [CLUSTER, ...there.filter((other) => other !== CLUSTER)]) await db.collection(name).deleteMany({});
  let identity: mongo.Document | undefined;
  const batch: { collection: string; documents: mongo.Document[] } = { collection: '', documents: [] };
  const flush = async () => {
    if (batch.documents.length > 0)
      await db.collection(batch.collection).insertMany(batch.documents, { ordered: false });
    batch.documents = [];
  };
  for await (const [collection, document] of backupDocuments(path)) {
    if (collection !== batch.collection || batch.documents.length === BATCH) await flush();
    batch.collection = collection;
    if (collection === CLUSTER) identity = document;
    else batch.documents.push(document);
  }
  await flush();
  if (identity) await db.collection(CLUSTER).insertOne(identity);
  return backup;
}

/** A running api keeps writing its pulse, and the reconciling worker its lease; those of ended processes do not change. */
async function refuseWhereUsed(db: mongo.Db): Promise<void> {
  const signs = async () => {
    const pulse = await db.collection<PulseDocument>(PULSES).findOne({}, { sort: { at: -1 } });
    const lease = await db.collection<LeaseDocument>(LEASES).findOne({}, { sort: { until: -1 } });
    return { [`the api ${pulse?._id}`]: pulse?.at, [`the worker ${lease?.holder}`]: lease?.until.getTime() };
  };
  const before = await signs();
  await pause(SIGN_WITHIN_MS);
  for (const [who, at] of Object.entries(await signs()))
    if (at !== before[who]) throw new RestoreRefused(`${who} works on this database: end every api and worker first`);
}

async function refuseWhereFull(db: mongo.Db, names: readonly string[]): Promise<void> {
  for (const name of names)
    if ((await db.collection(name).findOne({}, { projection: { _id: 1 } })) !== null)
      throw new RestoreRefused(
        `the database ${db.databaseName} is not empty (${name}): add --replace to put the backup in its place`,
      );
}
