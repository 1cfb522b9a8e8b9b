import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const LEASES = 'leases';

export interface LeaseDocument {
  /** What is leased. */
  _id: string;
  holder: string;
  /** End of the lease, by the database's clock, the only one that all holders share. */
  until: Date;
}

export const leaseDocumentSchema = new Schema<LeaseDocument>(
  {
    _id: { type: String, required: true },
    holder: { type: String, required: true },
    until: { type: Date, required: true },
  },
  { ...SCHEMA_OPTIONS, collection: LEASES },
);
