import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const PULSES = 'pulses';

export interface PulseDocument {
  /** The api replica. */
  _id: string;
  at: number;
}

export const pulseDocumentSchema = new Schema<PulseDocument>(
  { _id: { type: String, required: true }, at: { type: Number, required: true } },
  { ...SCHEMA_OPTIONS, collection: PULSES },
);

pulseDocumentSchema.index({ at: -1 });
