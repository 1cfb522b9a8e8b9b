import { awaitedIntervalMs } from './heartbeat-pace.js';
import type { EpochMs, Liveness, NodeType } from './states.js';

/** What the STATUS column shows: an orchestrator is connected or not, a compute node is healthy or not, or was stopped on purpose. */
export const STATUSES = ['HEALTHY', 'UNHEALTHY', 'UNKNOWN', 'STOPPED', 'CONNECTED', 'DISCONNECTED'] as const;
export type Status = (typeof STATUSES)[number];

/**
 * Liveness in the words for this type of node.
 * @param overdue see {@link isOverdue}: nobody knows of such a node that it is healthy, whatever was last said of it
 * @param stopped its agent said goodbye and was not heard after that: its silence is expected, however long it lasts
 */
export function statusOf(type: NodeType, liveness: Liveness, overdue = false, stopped = false): Status {
  const heard = liveness === 'HEALTHY' && !overdue && !stopped;
  if (type !== 'Compute') return heard ? 'CONNECTED' : 'DISCONNECTED';
  if (stopped) return 'STOPPED';
  return liveness === 'HEALTHY' && overdue ? 'UNKNOWN' : liveness;
}

/**
 * Whether a node has been silent for longer than it may. Its workflow says then that it is UNHEALTHY, as a rule within seconds; where that is
 * not done (Temporal is away, no worker runs, the api itself was away), what it last said is no longer true.
 * @param timeoutMs the node's own, see stretchedTimeoutMs in heartbeat-pace.ts
 */
export function isOverdue(lastSeen: EpochMs, now: EpochMs, timeoutMs: number): boolean {
  return now - lastSeen > timeoutMs;
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

/** One axis as the api tells it. */
interface ShownCondition {
  value: Liveness;
  since: string;
  reason: string;
  by: string;
}

/** Liveness as it may be shown: what was last said of a node that is overdue, or whose agent said goodbye, is no longer known to be so. */
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

/** How many nodes are shown as what: HEALTHY are those that are heard, STOPPED those whose agents said goodbye, whatever was last said of them. */
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

/** Whether nothing is the matter with a node, as far as is known: only then may it be shown in the colour of what is well. */
export function isWell({ status, warning, copied }: { status: Status; warning: boolean; copied: unknown }): boolean {
  return isHeard({ status }) && !warning && !copied;
}

/** Whether what a node said last is how it is. */
export function isHeard({ status }: { status: Status }): boolean {
  return status === 'HEALTHY' || status === 'CONNECTED';
}
