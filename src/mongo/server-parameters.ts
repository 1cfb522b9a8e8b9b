import type { Connection } from 'mongoose';
import { formatDuration } from '../../contract/duration.js';

/** Recommended transactionLifetimeLimitSeconds; our transactions last 5 s at most. */
const LIFETIME_S = 10;
/** Points of a node in one bucket of the history's time series. */
const BUCKET = 60;

const NAMES = ['transactionLifetimeLimitSeconds', 'timeseriesBucketMaxCount'] as const;

/** A server parameter, which only the server's operator can change, that is not as recommended, and the consequence. */
export interface ServerAdvice {
  msg: string;
  parameter: string;
  /** The current value; absent where the server does not tell. */
  value?: number;
}

/**
 * Advice on the server's own parameters. Managed services neither show nor change theirs: everything works with other values too, with the
 * stated consequence.
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
