import type { QueryFilter } from 'mongoose';
import { quietSince, silentIntervals, type Quiet } from '../../contract/health.js';
import type { HeartbeatDocument } from './schemas/heartbeat.schema.js';

/** Heartbeats of quiet nodes: by the index first, then of those each by the interval that it was told. */
export function quietHeartbeats(quiet: Quiet): QueryFilter<HeartbeatDocument> {
  return { lastSeen: { $gt: 0, $lte: quietSince(quiet) }, $expr: isQuiet(quiet) };
}

/** Of one heartbeat, as an expression. */
export function isQuiet({ now, missed, intervalMs }: Quiet) {
  const awaitedMs = { $max: ['$intervalMs', intervalMs] };
  return { $lte: ['$lastSeen', { $subtract: [now, { $multiply: [silentIntervals(missed), awaitedMs] }] }] };
}
