import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const SESSION_REPORTS = 'sessionreports';

/** The last accepted session report of a node: writing it serializes the node's reports. */
export interface SessionReportDocument {
  /** The node's uid. */
  _id: string;
  bootId: string;
  seq: number;
  /** Increases with every report, whatever the replicas' clocks say. */
  at: number;
  /** Present once the node is removed: no further report is accepted, not even one that was under way. */
  over?: true;
  /** Present together with `over`. */
  expiresAt?: Date;
}

export const sessionReportDocumentSchema = new Schema<SessionReportDocument>(
  {
    _id: { type: String, required: true },
    bootId: { type: String, required: true },
    seq: { type: Number, required: true },
    at: { type: Number, required: true },
    over: { type: Boolean, enum: [true] },
    expiresAt: Date,
  },
  { ...SCHEMA_OPTIONS, collection: SESSION_REPORTS },
);

sessionReportDocumentSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
