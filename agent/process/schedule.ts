import { jittered, type Random } from './backoff.js';

/** A server that asks for less, or for more, in milliseconds, is not followed that far. */
const SOONEST_MS = 100;
const LATEST_MS = 3_600_000;
/** How far heartbeats spread around the interval where the server does not pace them. */
const JITTER = 0.1;

/**
 * Milliseconds until the next heartbeat: what the orchestrator asked for, with the jitter that it put in, since it alone
 * knows how many agents there are; by the agent's own interval where it asked for nothing.
 */
export function untilNextHeartbeat(askedMs: number | undefined, intervalMs: number, random: Random): number {
  if (askedMs === undefined || !Number.isFinite(askedMs) || askedMs <= 0) return jittered(intervalMs, JITTER, random);
  return Math.min(LATEST_MS, Math.max(SOONEST_MS, askedMs));
}

/**
 * What a heartbeat that was not taken may be put off by, in milliseconds, half as much again where the server asks for it: the interval. Where
 * the orchestrator asked for a shorter one than the agent's own, that is what it judges the node by.
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
