import { mongo, type ClientSession, type Connection } from 'mongoose';

/**
 * SnapshotTooOld and SnapshotUnavailable: MongoDB keeps five minutes of the past by default (minSnapshotHistoryWindowInSeconds), and nothing
 * right after it started. ReadConcernMajorityNotAvailableYet: the same. InvalidOptions: a moment of its future, as after a restore, or none.
 */
const NO_SUCH_MOMENT = [239, 246, 134, 72];

/** The driver keeps here what it reads at, and does not declare it. */
type SnapshotSession = ClientSession & { snapshotTime?: mongo.Timestamp };

type Read<Result> = (session: ClientSession) => Promise<Result>;

/**
 * Reads all as of one moment: that of `at`, or now where there is none, or MongoDB does not have it (any more). A MongoDB that has no moment
 * at all just now is read as it is.
 * @param at as an earlier call returned it
 */
export async function readAsOf<Result>(
  connection: Connection,
  at: string | undefined,
  read: Read<Result>,
): Promise<{ result: Result; at: string | undefined }> {
  // The driver has no client to begin a session with before the first connection.
  if (connection.db === undefined) throw new mongo.MongoNotConnectedError('MongoDB has not answered yet');
  try {
    return await readSnapshot(connection, at, read);
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError && NO_SUCH_MOMENT.includes(Number(error.code)))) throw error;
  }
  if (at !== undefined) return readAsOf(connection, undefined, read);
  return { result: await inSession(await connection.startSession(), read), at: undefined };
}

async function readSnapshot<Result>(
  connection: Connection,
  at: string | undefined,
  read: Read<Result>,
): Promise<{ result: Result; at: string | undefined }> {
  const session: SnapshotSession = await connection.startSession({ snapshot: true });
  if (at !== undefined) session.snapshotTime = new mongo.Timestamp(BigInt(at));
  const result = await inSession(session, read);
  return { result, at: session.snapshotTime?.toBigInt().toString() };
}

async function inSession<Result>(session: ClientSession, read: Read<Result>): Promise<Result> {
  try {
    return await read(session);
  } finally {
    await session.endSession();
  }
}
