import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const BLIND_SPOTS = 'blindspots';

/** A stretch of time in which no api replica was recording heartbeats. */
export interface BlindSpotDocument {
  from: number;
  to: number;
  /** `to` again, as a date for the TTL index. */
  endedAt: Date;
}

const EIGHT_DAYS_S = 8 * 86_400;

export const blindSpotDocumentSchema = new Schema<BlindSpotDocument>(
  {
    from: { type: Number, required: true },
    to: { type: Number, required: true },
    endedAt: { type: Date, required: true },
  },
  { ...SCHEMA_OPTIONS, collection: BLIND_SPOTS },
);

blindSpotDocumentSchema.index({ to: 1 });
blindSpotDocumentSchema.index({ endedAt: 1 }, { expireAfterSeconds: EIGHT_DAYS_S });
