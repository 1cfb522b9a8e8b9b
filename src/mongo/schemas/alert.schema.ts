import { Schema } from 'mongoose';
import { ALERT_KINDS } from '../../../contract/alerts.js';
import type { AlertRecord } from '../../alerts/alert-store.js';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const ALERTS_RAISED = 'alerts';

export interface AlertDocument extends Omit<AlertRecord, 'id' | 'labels'> {
  _id: string;
  labels: { key: string; value: string }[];
  /** Present while it is raised; unique per kind and subject. */
  open?: true;
  /** When it was cleared, as a date for the TTL index. */
  endedOn?: Date;
}

const KEPT_S = 90 * 86_400;

export const alertDocumentSchema = new Schema<AlertDocument>(
  {
    _id: { type: String, required: true },
    kind: { type: String, enum: ALERT_KINDS, required: true },
    about: { type: String, required: true },
    name: { type: String, required: true },
    isNode: { type: Boolean, required: true },
    labels: { type: [{ key: String, value: String, _id: false }], default: [] },
    since: { type: Number, required: true },
    what: { type: String, required: true },
    raisedAt: { type: Number, required: true },
    overSince: { type: Number, default: null },
    clearedAt: { type: Number, default: null },
    open: { type: Boolean, enum: [true] },
    endedOn: Date,
  },
  { ...SCHEMA_OPTIONS, collection: ALERTS_RAISED },
);

alertDocumentSchema.index({ kind: 1, about: 1 }, { unique: true, partialFilterExpression: { open: true } });
alertDocumentSchema.index({ open: 1 }, { partialFilterExpression: { open: true } });
alertDocumentSchema.index({ raisedAt: 1, _id: 1 });
alertDocumentSchema.index({ endedOn: 1 }, { expireAfterSeconds: KEPT_S });
