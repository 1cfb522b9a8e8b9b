import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const CLUSTER = 'cluster';

/** The one document that says which cluster the database is of. */
export interface ClusterDocument {
  _id: typeof CLUSTER;
  id: string;
  madeAt: Date;
}

export const clusterDocumentSchema = new Schema<ClusterDocument>(
  {
    _id: { type: String, required: true },
    id: { type: String, required: true },
    madeAt: { type: Date, required: true },
  },
  { ...SCHEMA_OPTIONS, collection: CLUSTER },
);
