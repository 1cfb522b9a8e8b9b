/** Route of heartbeats, which are most of all requests. */
export const HEARTBEAT_ROUTE = '/v1/agent/heartbeat';

/** How often nodes may beat: each as configured, and all together no more often than the control plane can take. */
export interface HeartbeatPacing {
  /** The configured interval, in milliseconds. */
  intervalMs: number;
  /** Heartbeats per second of the whole fleet. */
  maxPerSecond: number;
}

/** The interval that each node of a fleet of this size is told, in milliseconds: as configured, or longer if that would be too many heartbeats. */
export function pacedIntervalMs({ intervalMs, maxPerSecond }: HeartbeatPacing, fleetSize: number): number {
  return Math.max(intervalMs, Math.ceil((fleetSize * 1_000) / maxPerSecond));
}

/**
 * The interval at which a node's heartbeats are expected, in milliseconds: as it was told, but not shorter than configured, even if the node
 * beats more often by itself.
 * @param toldMs what the node was told with its last heartbeat; undefined for the configured interval
 */
export function awaitedIntervalMs(configuredMs: number, toldMs: number | undefined): number {
  return Math.max(configuredMs, toldMs ?? configuredMs);
}

/** An agent whose heartbeat failed tries again after at most this many intervals, whatever it is told (`backoffDelay` in agent/process). */
export const LONGEST_RETRY_INTERVALS = 1.5;

/**
 * DisconnectTimeout, stretched in proportion to the node's interval, in milliseconds: a node may miss as many heartbeats in a large fleet as in a small one.
 * Nomad does the same: its servers give each client a TTL that depends on the desired rate of heartbeats
 * (https://developer.hashicorp.com/nomad/docs/configuration/server, max_heartbeats_per_second).
 * @param timeoutMs DisconnectTimeout, in milliseconds
 */
export function stretchedTimeoutMs(timeoutMs: number, configuredMs: number, toldMs: number | undefined): number {
  return Math.ceil((timeoutMs * awaitedIntervalMs(configuredMs, toldMs)) / configuredMs);
}

/** Which heartbeats are forwarded to workflows: all, or only those that change something. */
export const SIGNAL_REGIMES = ['every', 'changes'] as const;
export type SignalRegime = (typeof SIGNAL_REGIMES)[number];

/**
 * @param intervalMs interval of each node, in milliseconds
 * @param budgetPerSecond signals per second that may be sent for heartbeats that change nothing
 */
export function signalRegime(fleetSize: number, intervalMs: number, budgetPerSecond: number): SignalRegime {
  return (fleetSize * 1_000) / intervalMs <= budgetPerSecond ? 'every' : 'changes';
}
