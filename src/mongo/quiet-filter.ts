import type { QueryFilter } from 'mongoose';
import { quietSince, silentIntervals, type Quiet } from '../../contract/health.js';
import type { HeartbeatDocument } from './schemas/heartbeat.schema.js';

/** Whoever said goodbye misses nothing. */
const IS_THERE = { $lte: ['$saidGoodbyeAt', null] };

/** Of nodes whose agents said goodbye, and were not heard since; read off an index that has no others. */
export const STOPPED_HEARTBEATS = { saidGoodbyeAt: { $gt: 0 } } as const satisfies QueryFilter<HeartbeatDocument>;

/** Heartbeats of quiet nodes: by the index first, then of those each by the interval that it was told. */
export function quietHeartbeats(quiet: Quiet): QueryFilter<HeartbeatDocument> {
  return { lastSeen: { $gt: 0, $lte: quietSince(quiet) }, $expr: isQuiet(quiet) };
}

/** Heartbeats of nodes that have been silent for longer than they may: by the index first, too. */
export function overdueHeartbeats(quiet: Quiet, timeoutMs: number): QueryFilter<HeartbeatDocument> {
  return { lastSeen: { $gt: 0, $lt: quiet.now - timeoutMs }, $expr: isPastTimeout(quiet, timeoutMs) };
}

/** Of one heartbeat, as an expression. */
export function isQuiet({ now, missed, intervalMs }: Quiet) {
  return {
    $and: [
      IS_THERE,
      { $lte: ['$lastSeen', { $subtract: [now, { $multiply: [silentIntervals(missed), awaitedMs(intervalMs)] }] }] },
    ],
  };
}

/** Whether it is older than its node may be silent, as an expression: `isOverdue` in contract/health.ts, by `stretchedTimeoutMs`. */
export function isPastTimeout({ now, intervalMs }: Pick<Quiet, 'now' | 'intervalMs'>, timeoutMs: number) {
  const ownTimeoutMs = { $ceil: { $divide: [{ $multiply: [timeoutMs, awaitedMs(intervalMs)] }, intervalMs] } };
  return { $and: [IS_THERE, { $gt: [{ $subtract: [now, '$lastSeen'] }, ownTimeoutMs] }] };
}

function awaitedMs(configuredMs: number) {
  return { $max: ['$intervalMs', configuredMs] };
}
