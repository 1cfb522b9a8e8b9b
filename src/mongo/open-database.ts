import mongoose, { type Connection } from 'mongoose';
import type { MongoUri } from './mongo-uri.js';

/**
 * A connection for a program that does one thing and ends.
 * @throws what {@link isDatabaseError} knows, where MongoDB does not answer
 */
export function openDatabase(uri: MongoUri): Promise<Connection> {
  return mongoose.createConnection(uri.value, uri.options).asPromise();
}

/** Whether it is MongoDB, or the way to it, that failed. */
export function isDatabaseError(error: unknown): boolean {
  return error instanceof mongoose.MongooseError || error instanceof mongoose.mongo.MongoError;
}
