/**
 * Options of every schema. A path that a schema does not know is a mistake of ours, so it throws: silently dropping it
 * from a write loses data, and silently dropping it from a filter matches everything.
 */
export const SCHEMA_OPTIONS = {
  strict: 'throw',
  strictQuery: 'throw',
  versionKey: false,
  minimize: false,
  // Indexes and collections are made at start, by MongoConnector, which can say so when it fails.
  autoIndex: false,
  autoCreate: false,
  id: false,
} as const;

/** A part of a document that has no identity of its own. */
export const PART_OPTIONS = { ...SCHEMA_OPTIONS, _id: false } as const;
