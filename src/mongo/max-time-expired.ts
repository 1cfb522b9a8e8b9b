import { mongo } from 'mongoose';

const MAX_TIME_MS_EXPIRED = 50;

/** The database gave up because the query took longer than it was allowed to. */
export function isMaxTimeExpired(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === MAX_TIME_MS_EXPIRED;
}
