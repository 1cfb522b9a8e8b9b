import { mongo, MongooseError } from 'mongoose';

/** A transaction that did not get through in time: MongoDB is away, or too many others write the same documents. Nothing was written. */
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

/** Errors may name each other in a circle. */
const MOST_WRAPPINGS = 8;

/** Servers say by these that the operation may be tried again, here or with the next primary. */
const PASSING_LABELS = [
  'RetryableWriteError',
  'TransientTransactionError',
  'UnknownTransactionCommitResult',
  'RetryableError',
  'SystemOverloadedError',
  'ResumableChangeStreamError',
];

/** Codes that a server answers with when it cannot do what it is asked at the moment; labels are absent outside of retryable writes. */
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
  // A session ends with the client, or with the transaction that a dead server took along.
  mongo.MongoExpiredSessionError,
  TransactionAbandoned,
];

/** The driver does not export its classes for these: a pool that was cleared for a failed server, or has no connection to give. */
const POOL_ERRORS = new Set([
  'MongoPoolClearedError',
  'MongoPoolClearedOnNetworkError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
]);

/** A connection that the server has ended and the driver writes to once more: Node's own error, which the driver passes on as it is. */
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
  // Mongoose has no classes of its own for what waited for a connection in vain.
  return (
    error instanceof MongooseError &&
    /before initial connection is complete|buffering timed out|MongooseServerSelectionError/.test(
      `${error.name} ${error.message}`,
    )
  );
}

/** What a server says of a single write of many, or of a write concern, is no Error. */
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
