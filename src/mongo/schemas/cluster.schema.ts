import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const CLUSTER = 'cluster';

/** The one document with the cluster's identity. */
export interface ClusterDocument {
  _id: typeof CLUSTER;
  id: string;
  madeAt: Date;
  /** Number of quarantines so far: each writes it, so that quarantines are serialized and the budget holds. */
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
