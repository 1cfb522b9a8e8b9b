import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const BEAT_HISTORY = 'beathistory';
export const MINUTE_HISTORY = 'minutehistory';

/** One field a plot. MongoDB keeps the values of a field together and what changes little small: whole numbers, sizes in MiB. */
export interface HistoryDocument {
  at: Date;
  uid: string;
  cpu: number;
  memory: number;
  memoryTotal: number;
  disk: number;
  diskTotal: number;
  connections: number;
  sessions: number;
  /** Of minutes only. */
  late?: number;
}

const fields = {
  at: { type: Date, required: true },
  uid: { type: String, required: true },
  cpu: Number,
  memory: Number,
  memoryTotal: Number,
  disk: Number,
  diskTotal: Number,
  connections: Number,
  sessions: Number,
  late: Number,
} as const;

/** Buckets of an hour: small enough to be rewritten with each point, and compressed soon. */
const timeseries = { timeField: 'at', metaField: 'uid', granularity: 'seconds' } as const;

function historySchema(collection: string, expireAfterSeconds: number): Schema<HistoryDocument> {
  const schema = new Schema<HistoryDocument>(fields, {
    ...SCHEMA_OPTIONS,
    _id: false,
    collection,
    timeseries,
    expireAfterSeconds,
  });
  // By node alone: an index with the time in it would change with every point.
  schema.index({ uid: 1 });
  return schema;
}

export const beatHistorySchema = historySchema(BEAT_HISTORY, 3_600);
export const minuteHistorySchema = historySchema(MINUTE_HISTORY, 7 * 86_400);
