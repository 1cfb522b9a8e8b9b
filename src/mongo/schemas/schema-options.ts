/**
 * Options of every schema. An unknown path is a programming error and throws: silently dropped from a write it would lose data, and from a
 * filter it would match everything.
 */
export const SCHEMA_OPTIONS = {
  strict: 'throw',
  strictQuery: 'throw',
  versionKey: false,
  minimize: false,
  // Indexes and collections are created at start by MongoConnector, which reports failures.
  autoIndex: false,
  autoCreate: false,
  id: false,
} as const;

/** Options of a subdocument without an id. */
export const PART_OPTIONS = { ...SCHEMA_OPTIONS, _id: false } as const;
