import { jittered, type Random } from './backoff.js';

/** Bounds on the intervals that a server may ask for, in milliseconds. */
const SOONEST_MS = 100;
const LATEST_MS = 3_600_000;
/** Jitter of heartbeats around the interval if the server does not pace them. */
const JITTER = 0.1;

/**
 * Milliseconds until the next heartbeat: as requested by the orchestrator, which alone knows how many agents there are and has added jitter;
 * by the agent's own interval if it requested nothing.
 */
export function untilNextHeartbeat(askedMs: number | undefined, intervalMs: number, random: Random): number {
  if (askedMs === undefined || !Number.isFinite(askedMs) || askedMs <= 0) return jittered(intervalMs, JITTER, random);
  return Math.min(LATEST_MS, Math.max(SOONEST_MS, askedMs));
}

/**
 * Maximum delay of a heartbeat after one that failed, in milliseconds, half as much again if the server asks for it: the interval. If the
 * orchestrator asked for a shorter one than the agent's own, it judges the node by that.
 */
export function longestRetry(askedMs: number | undefined, intervalMs: number): number {
  return askedMs === undefined || !Number.isFinite(askedMs) || askedMs <= 0
    ? intervalMs
    : Math.min(intervalMs, Math.max(SOONEST_MS, askedMs));
}

/** Milliseconds until information is sent again. */
export function untilNextInfo(intervalMs: number, random: Random): number {
  return jittered(intervalMs, JITTER, random);
}
