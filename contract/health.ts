import type { EpochMs, Liveness, NodeType } from './states.js';

/** What the STATUS column shows: an orchestrator is connected or not, a compute node is healthy or not. */
export const STATUSES = ['HEALTHY', 'UNHEALTHY', 'UNKNOWN', 'CONNECTED', 'DISCONNECTED'] as const;
export type Status = (typeof STATUSES)[number];

/** Liveness in the words for this type of node. */
export function statusOf(type: NodeType, liveness: Liveness): Status {
  if (type === 'Compute') return liveness;
  return liveness === 'HEALTHY' ? 'CONNECTED' : 'DISCONNECTED';
}

/**
 * How many heartbeats in a row a node has missed at `now`. A beat counts as missed once half an interval has passed
 * since it was due, so that jitter (at most a tenth of an interval) and a slow network are no misses.
 * @param intervalMs how often the node was told to beat, in milliseconds
 */
export function missedHeartbeats(lastSeen: EpochMs, now: EpochMs, intervalMs: number): number {
  return Math.max(0, Math.floor((now - lastSeen) / intervalMs - 0.5));
}

/** Whoever was heard at this time, and not since, has missed that many heartbeats at `now` by {@link missedHeartbeats}. */
export function quietSince(now: EpochMs, intervalMs: number, missed: number): EpochMs {
  return now - (missed + 0.5) * intervalMs;
}
