import type { Connection } from 'mongoose';
import { formatDuration } from '../../contract/duration.js';

/** Our transactions last 5 s at most; in seconds. */
const LIFETIME_S = 10;
/** Points of a node in one bucket of the plots. */
const BUCKET = 60;

const NAMES = ['transactionLifetimeLimitSeconds', 'timeseriesBucketMaxCount'] as const;

/** One of the server's settings, which only its operator may change, is not what it should be: what follows from it. */
export interface ServerAdvice {
  msg: string;
  parameter: string;
  /** As it is; absent where the server does not say. */
  value?: number;
}

/**
 * What is worth saying of the server's own settings. A managed service has its own, and shows or changes them for nobody: all works with
 * them too, but slower or larger as is said.
 */
export async function adviseOnParameters(connection: Connection): Promise<ServerAdvice[]> {
  const asked = Object.fromEntries(NAMES.map((name) => [name, 1]));
  const answer: Record<string, unknown> = await Promise.resolve(
    connection
      .getClient()
      .db('admin')
      .command({ getParameter: 1, ...asked }),
  ).catch(() => ({}));
  const [lifetime, bucket] = NAMES.map((name) => (typeof answer[name] === 'number' ? answer[name] : undefined));
  return [
    ...(lifetime !== undefined && lifetime <= LIFETIME_S ? [] : [lifetimeAdvice(lifetime)]),
    ...(bucket !== undefined && bucket <= BUCKET ? [] : [bucketAdvice(bucket)]),
  ];
}

function lifetimeAdvice(seconds: number | undefined): ServerAdvice {
  const long =
    seconds === undefined ? 'as long as MongoDB is set to, a minute by default' : formatDuration(seconds * 1_000);
  return {
    msg: `decisions on a node wait ${long} where an api was killed within a transaction: set transactionLifetimeLimitSeconds to ${LIFETIME_S} where you can`,
    parameter: NAMES[0],
    ...(seconds !== undefined && { value: seconds }),
  };
}

function bucketAdvice(points: number | undefined): ServerAdvice {
  return {
    msg: `heartbeats of the past cost MongoDB more the longer its buckets are (${points ?? 'it does not say how long, 1000 by default'}): set timeseriesBucketMaxCount to ${BUCKET} where you can`,
    parameter: NAMES[1],
    ...(points !== undefined && { value: points }),
  };
}
