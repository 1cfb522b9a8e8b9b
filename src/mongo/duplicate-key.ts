import { mongo } from 'mongoose';

/** Whether a write failed because another document has the same value in a unique index. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === 11_000;
}
