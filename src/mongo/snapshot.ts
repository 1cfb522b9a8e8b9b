import { mongo, type ClientSession, type Connection } from 'mongoose';

/**
 * SnapshotTooOld and SnapshotUnavailable: MongoDB keeps five minutes of the past by default (minSnapshotHistoryWindowInSeconds). InvalidOptions:
 * a moment of its future, as after a restore, or none.
 */
const NO_SUCH_MOMENT = [239, 246, 72];

/** The driver keeps here what it reads at, and does not declare it. */
type SnapshotSession = ClientSession & { snapshotTime?: mongo.Timestamp };

/**
 * Reads all as of one moment: that of `at`, or now where there is none, or MongoDB does not have it (any more).
 * @param at as an earlier call returned it
 */
export async function readAsOf<Result>(connection: Connection, at: string | undefined, read: (session: ClientSession) => Promise<Result>): Promise<{ result: Result; at: string | undefined }> {
  const session: SnapshotSession = await connection.startSession({ snapshot: true });
  try {
    if (at !== undefined) session.snapshotTime = new mongo.Timestamp(BigInt(at));
    const result = await read(session);
    return { result, at: session.snapshotTime?.toBigInt().toString() };
  } catch (error) {
    if (at === undefined || !(error instanceof mongo.MongoServerError && NO_SUCH_MOMENT.includes(Number(error.code)))) throw error;
  } finally {
    await session.endSession();
  }
  return readAsOf(connection, undefined, read);
}
