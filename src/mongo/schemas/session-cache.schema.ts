import { Schema } from 'mongoose';
import type { CachedSession } from '../../../contract/sessions.js';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const SESSION_CACHES = 'sessioncaches';

/** A node's live sessions as the workflow last wrote them: one document, so that readers never see half of a report. */
export interface SessionCacheDocument {
  /** The node's uid. */
  _id: string;
  revision: number;
  sessions: CachedSession[];
  reportedAt: number | null;
}

export const sessionCacheSchema = new Schema<SessionCacheDocument>(
  {
    _id: { type: String, required: true },
    revision: { type: Number, required: true },
    // As the workflow holds them; contract/sessions.ts is their shape.
    sessions: { type: [Schema.Types.Mixed], required: true } as never,
    reportedAt: { type: Number, default: null },
  },
  { ...SCHEMA_OPTIONS, collection: SESSION_CACHES },
);
