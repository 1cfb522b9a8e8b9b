import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const SESSION_REPORTS = 'sessionreports';

/** The last report of its sessions that was taken of a node: by it, reports of one node follow each other. */
export interface SessionReportDocument {
  /** The node's uid. */
  _id: string;
  bootId: string;
  seq: number;
  /** Rises with every report, whatever the clocks of the api's replicas say. */
  at: number;
  /** Of a removed node: no report of it is taken any more, not even one that was under way. */
  over?: true;
  /** Present once it is over. */
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
