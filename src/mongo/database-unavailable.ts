import { mongo, MongooseError } from 'mongoose';

/** A transaction could not commit in time: MongoDB is unavailable, or too many writers contend for the same documents. Nothing was written. */
export class TransactionAbandoned extends Error {
  override readonly name = 'TransactionAbandoned';

  constructor(cause: unknown) {
    super('the transaction did not get through in time', { cause });
  }
}

/**
 * Whether an operation failed because MongoDB did not answer (it is down, unreachable, has no primary or takes too
 * long), and not because of what was asked. The same request may succeed later. Looks through whatever wraps the failure:
 * a bulk write, a transaction, mongoose, an AggregateError.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  return isUnavailable(error, MOST_WRAPPINGS);
}

/** Bounds the walk through causes, which may be cyclic. */
const MOST_WRAPPINGS = 8;

/** Labels by which a server says that the operation may be retried, here or on the next primary. */
const PASSING_LABELS = [
  'RetryableWriteError',
  'TransientTransactionError',
  'UnknownTransactionCommitResult',
  'RetryableError',
  'SystemOverloadedError',
  'ResumableChangeStreamError',
];

/** Codes of transient server errors. Needed beside the labels, which are only set for retryable writes. */
const PASSING_CODES = new Set<unknown>([
  6, // HostUnreachable
  7, // HostNotFound
  24, // LockTimeout
  43, // CursorNotFound: a server that restarted does not know it any more
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout: a majority did not confirm the write in time
  89, // NetworkTimeout
  91, // ShutdownInProgress
  100, // UnsatisfiableWriteConcern
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  234, // RetryChangeStream
  237, // CursorKilled
  239, // SnapshotTooOld
  246, // SnapshotUnavailable: right after a server started, or took over
  251, // NoSuchTransaction: a server that restarted does not know it any more
  262, // ExceededTimeLimit
  290, // TransactionExceededLifetimeLimitSeconds
  9_001, // SocketException
  10_058, // LegacyNotPrimary
  10_107, // NotWritablePrimary
  11_600, // InterruptedAtShutdown
  11_602, // InterruptedDueToReplStateChange
  13_435, // NotPrimaryNoSecondaryOk
  13_436, // NotPrimaryOrSecondary
]);

const CONNECTION_ERRORS = [
  mongo.MongoNetworkError,
  mongo.MongoServerSelectionError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoServerClosedError,
  mongo.MongoClientClosedError,
  mongo.MongoStalePrimaryError,
  mongo.MongoOperationTimeoutError,
  // A session ends with its client, or with a transaction that was lost with its server.
  mongo.MongoExpiredSessionError,
  TransactionAbandoned,
];

/** Names of pool errors whose classes the driver does not export: the pool was cleared after a failure, or has no connection left. */
const POOL_ERRORS = new Set([
  'MongoPoolClearedError',
  'MongoPoolClearedOnNetworkError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
]);

/** Node's own errors for a write to a connection that the server has closed; the driver passes them on unwrapped. */
const SOCKET_ERRORS = new Set<unknown>(['EPIPE', 'ECONNRESET']);

function isUnavailable(error: unknown, depth: number): boolean {
  if (depth === 0 || typeof error !== 'object' || error === null) return false;
  return saysSo(error) || wrappedBy(error).some((inner) => isUnavailable(inner, depth - 1));
}

function saysSo(error: object): boolean {
  if (error instanceof mongo.MongoError && PASSING_LABELS.some((label) => error.hasErrorLabel(label))) return true;
  if (CONNECTION_ERRORS.some((type) => error instanceof type)) return true;
  if (error instanceof Error && POOL_ERRORS.has(error.name)) return true;
  if ('code' in error && SOCKET_ERRORS.has(error.code)) return true;
  if ('code' in error && isOfServer(error)) return PASSING_CODES.has(error.code);
  // Mongoose has no error class for operations that waited for a connection in vain.
  return (
    error instanceof MongooseError &&
    /before initial connection is complete|buffering timed out|MongooseServerSelectionError/.test(
      `${error.name} ${error.message}`,
    )
  );
}

/** Matches errors of single writes in a bulk, and of write concerns, which are no instances of Error. */
function isOfServer(error: object): boolean {
  return error instanceof mongo.MongoServerError || !(error instanceof Error);
}

function wrappedBy(error: object): unknown[] {
  const { cause, errors, errorResponse, err, writeErrors, writeConcernErrors, originalError } = error as Record<
    string,
    unknown
  >;
  return [cause, errorResponse, err, originalError, errors, writeErrors, writeConcernErrors].flatMap(
    (inner) => inner ?? [],
  );
}
