import mongoose, { type Connection } from 'mongoose';
import type { MongoUri } from './mongo-uri.js';

/**
 * Opens a connection for a program that does one thing and ends.
 * @throws an error that {@link isDatabaseError} recognizes, where MongoDB does not answer
 */
export function openDatabase(uri: MongoUri): Promise<Connection> {
  return mongoose.createConnection(uri.value, uri.options).asPromise();
}

/** Whether MongoDB, or the connection to it, failed. */
export function isDatabaseError(error: unknown): boolean {
  return error instanceof mongoose.MongooseError || error instanceof mongoose.mongo.MongoError;
}
