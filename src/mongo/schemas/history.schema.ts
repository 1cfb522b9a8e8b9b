import { Schema } from 'mongoose';
import { MEASURE_KEYS, MEASURES, type StoredMeasure } from '../../../contract/measures.js';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const BEAT_HISTORY = 'beathistory';
export const MINUTE_HISTORY = 'minutehistory';

/** A point of a node's history: one field per measure. All are optional, since documents outlive rows of the table of measures. */
export type HistoryDocument = { at: Date; uid: string; late?: number } & Partial<Record<StoredMeasure, number>>;

const fields = {
  at: { type: Date, required: true },
  uid: { type: String, required: true },
  ...Object.fromEntries(MEASURE_KEYS.map((key) => [MEASURES[key].stored, Number])),
  // Only in minutes.
  late: Number,
} as const;

/** Granularity `seconds` gives buckets of an hour: small enough to be rewritten with each point, and soon compressed. */
const timeseries = { timeField: 'at', metaField: 'uid', granularity: 'seconds' } as const;

function historySchema(collection: string, expireAfterSeconds: number): Schema<HistoryDocument> {
  const schema = new Schema<HistoryDocument>(fields, {
    ...SCHEMA_OPTIONS,
    _id: false,
    collection,
    timeseries,
    expireAfterSeconds,
  });
  // By node only: an index with the time in it would change with every point.
  schema.index({ uid: 1 });
  return schema;
}

export const beatHistoryDocumentSchema = historySchema(BEAT_HISTORY, 3_600);
export const minuteHistoryDocumentSchema = historySchema(MINUTE_HISTORY, 7 * 86_400);
