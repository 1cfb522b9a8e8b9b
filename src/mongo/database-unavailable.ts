import { mongo, MongooseError } from 'mongoose';
import { TransactionAbandoned } from './transaction-abandoned.js';

/**
 * Whether an operation failed because MongoDB did not answer (it is down, unreachable, has no primary or takes too
 * long), and not because of what was asked. The same request may succeed later.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof mongo.MongoServerError) {
    return error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('TransientTransactionError') || error.code === NOT_ENOUGH_NODES;
  }
  return (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof TransactionAbandoned ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    error instanceof mongo.MongoClientClosedError ||
    // Mongoose has no class of its own for an operation before the first connection.
    (error instanceof MongooseError && error.message.includes('before initial connection is complete'))
  );
}

/** A majority of the replica set did not confirm a write in time. */
const NOT_ENOUGH_NODES = 64;
