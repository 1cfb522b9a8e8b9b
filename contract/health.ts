import { awaitedIntervalMs } from './heartbeat-pace.js';
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

/** What makes a node quiet: it has missed so many heartbeats in a row at `now`, by the interval that it was told. */
export interface Quiet {
  now: EpochMs;
  missed: number;
  /** Of nodes that were told nothing else, and the shortest that is counted by: the configured one, in milliseconds. */
  intervalMs: number;
}

/** Whoever was told this interval (undefined: the configured one), was heard at this time and not since, is quiet by {@link missedHeartbeats}. */
export function quietSince({ now, missed, intervalMs }: Quiet, toldMs?: number): EpochMs {
  return now - silentIntervals(missed) * awaitedIntervalMs(intervalMs, toldMs);
}

/** How many intervals a node is silent that has missed so many heartbeats by {@link missedHeartbeats}. */
export function silentIntervals(missed: number): number {
  return missed + 0.5;
}
