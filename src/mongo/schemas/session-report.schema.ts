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
}

export const sessionReportSchema = new Schema<SessionReportDocument>(
  { _id: { type: String, required: true }, bootId: { type: String, required: true }, seq: { type: Number, required: true }, at: { type: Number, required: true } },
  { ...SCHEMA_OPTIONS, collection: SESSION_REPORTS },
);
