import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const CLUSTER = 'cluster';

/** The one document that says which cluster the database is of. */
export interface ClusterDocument {
  _id: typeof CLUSTER;
  id: string;
  madeAt: Date;
  /** Of nodes, ever: each writes it, so that one is counted after the other. */
  quarantines?: number;
}

export const clusterDocumentSchema = new Schema<ClusterDocument>(
  {
    _id: { type: String, required: true },
    id: { type: String, required: true },
    madeAt: { type: Date, required: true },
    quarantines: Number,
  },
  { ...SCHEMA_OPTIONS, collection: CLUSTER },
);
