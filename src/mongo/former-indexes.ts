import type { mongo } from 'mongoose';
import type { Batch } from './migrations.js';
import { HEARTBEATS } from './schemas/heartbeat.schema.js';

const GOODBYES = 'saidGoodbyeAt_1';
const NO_COLLECTION = 26;
const NO_INDEX = 27;

/** MongoDB makes no index where another one has its name: the sparse one goes before the partial one comes. */
export async function dropSparseGoodbyes(db: mongo.Db): Promise<Batch | undefined> {
  const heartbeats = db.collection(HEARTBEATS);
  try {
    const indexes = await heartbeats.indexes();
    if (indexes.some(({ name, sparse }) => name === GOODBYES && sparse === true)) await heartbeats.dropIndex(GOODBYES);
  } catch (error) {
    // Nothing was written yet, or another process was first.
    if (![NO_COLLECTION, NO_INDEX].includes(Number((error as mongo.MongoServerError).code))) throw error;
  }
  return undefined;
}
