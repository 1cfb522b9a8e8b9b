import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const MASS_SILENCES = 'masssilences';

export interface MassSilenceDocument {
  _id: string;
  since: number;
  noticedAt: number;
  silent: number;
  beating: number;
  mostSilent: number;
  endedAt: number | null;
  endedBy: string | null;
  judgedUntil: number | null;
  /** Present while it lasts; unique, so that only one lasts at a time. */
  lasts?: true;
  /** `endedAt` again, as a date for the TTL index. */
  endedOn?: Date;
}

/** Retention, in seconds: longer than the longest RemoveAfter, since until that has passed, the time excused by a mass silence counts. */
const KEPT_S = 400 * 86_400;

export const massSilenceDocumentSchema = new Schema<MassSilenceDocument>(
  {
    _id: { type: String, required: true },
    since: { type: Number, required: true },
    noticedAt: { type: Number, required: true },
    silent: { type: Number, required: true },
    beating: { type: Number, required: true },
    mostSilent: { type: Number, required: true },
    endedAt: { type: Number, default: null },
    endedBy: { type: String, default: null },
    judgedUntil: { type: Number, default: null },
    lasts: Boolean,
    endedOn: Date,
  },
  { ...SCHEMA_OPTIONS, collection: MASS_SILENCES },
);

massSilenceDocumentSchema.index({ lasts: 1 }, { unique: true, partialFilterExpression: { lasts: true } });
massSilenceDocumentSchema.index({ since: -1 });
massSilenceDocumentSchema.index({ endedOn: 1 }, { expireAfterSeconds: KEPT_S });
