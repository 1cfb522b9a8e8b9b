import { awaitedIntervalMs } from './heartbeat-pace.js';
import type { EpochMs, Liveness, NodeType } from './states.js';

/** What the STATUS column shows: an orchestrator is connected or not, a compute node is healthy or not, or was stopped on purpose. */
export const STATUSES = ['HEALTHY', 'UNHEALTHY', 'UNKNOWN', 'STOPPED', 'CONNECTED', 'DISCONNECTED'] as const;
export type Status = (typeof STATUSES)[number];

/**
 * Liveness in the words for this type of node.
 * @param overdue see {@link isOverdue}: such a node is not shown as healthy, whatever its recorded liveness
 * @param stopped its agent said goodbye and has not been heard since: its silence is expected, however long it lasts
 */
export function statusOf(type: NodeType, liveness: Liveness, overdue = false, stopped = false): Status {
  const heard = liveness === 'HEALTHY' && !overdue && !stopped;
  if (type !== 'Compute') return heard ? 'CONNECTED' : 'DISCONNECTED';
  if (stopped) return 'STOPPED';
  return liveness === 'HEALTHY' && overdue ? 'UNKNOWN' : liveness;
}

/**
 * Whether a node has been silent for longer than its timeout. Its workflow normally finds it UNHEALTHY within seconds; while that cannot
 * happen (Temporal is unreachable, no worker runs, the api itself was down), the recorded liveness is out of date.
 * @param timeoutMs the node's own, see stretchedTimeoutMs in heartbeat-pace.ts
 */
export function isOverdue(lastSeen: EpochMs, now: EpochMs, timeoutMs: number): boolean {
  return now - lastSeen > timeoutMs;
}

/**
 * How many heartbeats in a row a node has missed at `now`. A heartbeat counts as missed once half an interval has passed
 * since it was due, so that jitter (at most a tenth of an interval) and a slow network are no misses.
 * @param intervalMs the interval that the node was told, in milliseconds
 */
export function missedHeartbeats(lastSeen: EpochMs, now: EpochMs, intervalMs: number): number {
  return Math.max(0, Math.floor((now - lastSeen) / intervalMs - 0.5));
}

/** When a node counts as quiet: at `now` it has missed `missed` heartbeats in a row, by the interval that it was told. */
export interface Quiet {
  now: EpochMs;
  missed: number;
  /** The configured interval, in milliseconds: for nodes that were told no other, and the lower bound for those that were. */
  intervalMs: number;
}

/**
 * The latest last heartbeat with which a node is quiet at `now`, by {@link missedHeartbeats}.
 * @param toldMs the interval that the node was told, in milliseconds; undefined: the configured one
 */
export function quietSince({ now, missed, intervalMs }: Quiet, toldMs?: number): EpochMs {
  return now - silentIntervals(missed) * awaitedIntervalMs(intervalMs, toldMs);
}

/** After how many intervals of silence {@link missedHeartbeats} counts `missed` heartbeats. */
export function silentIntervals(missed: number): number {
  return missed + 0.5;
}

/** One axis as the api shows it. */
interface ShownCondition {
  value: Liveness;
  since: string;
  reason: string;
  by: string;
}

/** Liveness as it is shown: the recorded value of a node that is overdue, or whose agent said goodbye, is out of date. */
export function shownLiveness({
  id,
  overdue,
  stoppedAt,
  liveness,
  lastHeartbeat,
}: {
  id: string;
  overdue: boolean;
  stoppedAt?: string;
  liveness: ShownCondition;
  lastHeartbeat: string | null;
}): ShownCondition {
  if (stoppedAt !== undefined)
    return {
      value: liveness.value === 'HEALTHY' ? 'UNKNOWN' : liveness.value,
      since: stoppedAt,
      reason: 'its agent said goodbye',
      by: `agent:${id}`,
    };
  if (!overdue) return liveness;
  return {
    value: 'UNKNOWN',
    since: lastHeartbeat ?? liveness.since,
    reason: 'silent for longer than it may, and not judged yet',
    by: 'nobody',
  };
}

/** Number of nodes by status: HEALTHY are those that are heard, STOPPED those whose agents said goodbye, whatever their recorded liveness. */
export function statusCounts({
  byLiveness,
  stopped = {},
  overdue,
}: {
  byLiveness: Readonly<Record<string, number>>;
  /** By liveness. */
  stopped?: Readonly<Record<string, number>>;
  overdue: number;
}): Record<Liveness | 'STOPPED', number> {
  const left = (liveness: Liveness, less = 0) =>
    Math.max(0, (byLiveness[liveness] ?? 0) - (stopped[liveness] ?? 0) - less);
  return {
    HEALTHY: left('HEALTHY', overdue),
    UNHEALTHY: left('UNHEALTHY'),
    UNKNOWN: left('UNKNOWN'),
    STOPPED: Object.values(stopped).reduce((sum, count) => sum + count, 0),
  };
}

/** Whether a node has no known problem: only then is it shown in the colour of a healthy node. */
export function isWell({ status, warning, copied }: { status: Status; warning: boolean; copied: unknown }): boolean {
  return isHeard({ status }) && !warning && !copied;
}

/** Whether a node's last report is current. */
export function isHeard({ status }: { status: Status }): boolean {
  return status === 'HEALTHY' || status === 'CONNECTED';
}
