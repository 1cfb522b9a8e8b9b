import type { mongo } from 'mongoose';
import type { Batch } from './migrations.js';
import { HEARTBEATS } from './schemas/heartbeat.schema.js';

const GOODBYES = 'saidGoodbyeAt_1';
const NO_COLLECTION = 26;
const NO_INDEX = 27;

/** Drops the former sparse index, whose name the partial one that replaces it needs. */
export async function dropSparseGoodbyes(db: mongo.Db): Promise<Batch | undefined> {
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
