import type { QueryFilter } from 'mongoose';
import { quietSince, silentIntervals, type Quiet } from '../../contract/health.js';
import type { HeartbeatDocument } from './schemas/heartbeat.schema.js';

/** Excludes nodes whose agents said goodbye: they miss no heartbeats. */
const IS_THERE = { $lte: ['$saidGoodbyeAt', null] };

/** Selects heartbeats of nodes whose agents said goodbye and were not heard since, by a partial index of just these. */
export const STOPPED_HEARTBEATS = { saidGoodbyeAt: { $gt: 0 } } as const satisfies QueryFilter<HeartbeatDocument>;

/** Selects heartbeats of quiet nodes: first by the index, then each by the interval that its node was told. */
export function quietHeartbeats(quiet: Quiet): QueryFilter<HeartbeatDocument> {
  return { lastSeen: { $gt: 0, $lte: quietSince(quiet) }, $expr: isQuiet(quiet) };
}

/** Selects heartbeats of nodes that have been silent for longer than their timeout, likewise. */
export function overdueHeartbeats(quiet: Quiet, timeoutMs: number): QueryFilter<HeartbeatDocument> {
  return { lastSeen: { $gt: 0, $lt: quiet.now - timeoutMs }, $expr: isPastTimeout(quiet, timeoutMs) };
}

/** Whether one heartbeat's node is quiet, as an aggregation expression. */
export function isQuiet({ now, missed, intervalMs }: Quiet) {
  return {
    $and: [
      IS_THERE,
      { $lte: ['$lastSeen', { $subtract: [now, { $multiply: [silentIntervals(missed), awaitedMs(intervalMs)] }] }] },
    ],
  };
}

/** Whether a heartbeat is older than its node's timeout, as an aggregation expression: `isOverdue` and `stretchedTimeoutMs` of contract/health.ts. */
export function isPastTimeout({ now, intervalMs }: Pick<Quiet, 'now' | 'intervalMs'>, timeoutMs: number) {
  const ownTimeoutMs = { $ceil: { $divide: [{ $multiply: [timeoutMs, awaitedMs(intervalMs)] }, intervalMs] } };
  return { $and: [IS_THERE, { $gt: [{ $subtract: [now, '$lastSeen'] }, ownTimeoutMs] }] };
}

function awaitedMs(configuredMs: number) {
  return { $max: ['$intervalMs', configuredMs] };
}
