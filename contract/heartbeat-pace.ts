/** Where heartbeats go: most requests of all. */
export const HEARTBEAT_ROUTE = '/v1/agent/heartbeat';

/** How often nodes may beat: each as configured, and all of them together no more often than the control plane takes. */
export interface HeartbeatPacing {
  /** The configured interval, in milliseconds. */
  intervalMs: number;
  /** Heartbeats a second of the whole fleet. */
  maxPerSecond: number;
}

/** How often each node of a fleet of this size is told to beat, in milliseconds: as configured, or more seldom where that would be too many. */
export function pacedIntervalMs({ intervalMs, maxPerSecond }: HeartbeatPacing, fleetSize: number): number {
  return Math.max(intervalMs, Math.ceil((fleetSize * 1_000) / maxPerSecond));
}

/**
 * The interval at which a node's heartbeats are expected, in milliseconds: as it was told, and never shorter than configured, even if the node
 * beats more often by itself.
 * @param toldMs what the node was told with its last heartbeat; undefined is the configured interval
 */
export function awaitedIntervalMs(configuredMs: number, toldMs: number | undefined): number {
  return Math.max(configuredMs, toldMs ?? configuredMs);
}

/** An agent whose heartbeat was not taken tries again after this many intervals at the latest, whatever it is told (`backoffDelay` in agent/process). */
export const LONGEST_RETRY_INTERVALS = 1.5;

/**
 * DisconnectTimeout, stretched like the node's interval, in milliseconds: a node may miss as many heartbeats in a large fleet as in a small one.
 * Nomad does the same: its servers tell each client a TTL by the rate of heartbeats that they want, and hold it to that one
 * (https://developer.hashicorp.com/nomad/docs/configuration/server, max_heartbeats_per_second).
 * @param timeoutMs DisconnectTimeout, in milliseconds
 */
export function stretchedTimeoutMs(timeoutMs: number, configuredMs: number, toldMs: number | undefined): number {
  return Math.ceil((timeoutMs * awaitedIntervalMs(configuredMs, toldMs)) / configuredMs);
}

/** Which heartbeats workflows hear of: each, or only those that change something. */
export const SIGNAL_REGIMES = ['every', 'changes'] as const;
export type SignalRegime = (typeof SIGNAL_REGIMES)[number];

/**
 * @param intervalMs how often each node beats, in milliseconds
 * @param budgetPerSecond signals that may be sent for heartbeats that change nothing
 */
export function signalRegime(fleetSize: number, intervalMs: number, budgetPerSecond: number): SignalRegime {
  return (fleetSize * 1_000) / intervalMs <= budgetPerSecond ? 'every' : 'changes';
}
