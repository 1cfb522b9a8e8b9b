import type { Phase } from './phase.js';
import type { Liveness } from './states.js';

/**
 * The state of a compute node in one word, those that need attention first. A node is in exactly one state, so that it has one colour in a
 * picture of the fleet and the counts add up to the fleet's size.
 */
export const FLEET_STATES = [
  /** In service, and silent for so long that its sessions are declared lost. */
  'unknown',
  /** In service, and silent. */
  'unhealthy',
  /** Silent for longer than its timeout, and not judged yet. */
  'overdue',
  /** More than one machine sends heartbeats with its identity. */
  'copied',
  /** In service; has missed heartbeats in a row. */
  'missing',
  'pending',
  'waiting',
  'draining',
  'drained',
  /** In service, and its agent said goodbye: its silence is expected. */
  'stopped',
  'rejected',
  'registered',
  /** In service, and its heartbeats arrive. */
  'healthy',
] as const;
export type FleetState = (typeof FLEET_STATES)[number];

/** Number of nodes by state; states without nodes may be left out. */
export type FleetCounts = Partial<Record<FleetState, number>>;

/** Phases in which heartbeats are expected of a node. */
export const IN_SERVICE = ['ACTIVE', 'DRAINING'] as const satisfies readonly Phase[];

/** Facts that the record has, whatever the time since the last heartbeat. */
export interface RecordedNode {
  phase: Phase;
  liveness: Liveness;
  /** Its agent said goodbye and has not been heard since. */
  isStopped?: boolean;
}

export function isInService({ phase }: Pick<RecordedNode, 'phase'>): boolean {
  return (IN_SERVICE as readonly Phase[]).includes(phase);
}

/** In service, and judged UNHEALTHY or UNKNOWN: its machine, its agent or its network may be down. */
export function isLost(node: RecordedNode): boolean {
  return isInService(node) && !node.isStopped && node.liveness !== 'HEALTHY';
}

const OF_PHASE: Partial<Record<Phase, FleetState>> = {
  REGISTERED: 'registered',
  PENDING: 'pending',
  REJECTED: 'rejected',
  WAITING: 'waiting',
  DRAINED: 'drained',
};

/** A node's state, provided that its heartbeats arrive in time. */
export function recordedState(node: RecordedNode): FleetState {
  if (node.isStopped && isInService(node)) return 'stopped';
  if (isLost(node)) return node.liveness === 'UNKNOWN' ? 'unknown' : 'unhealthy';
  return OF_PHASE[node.phase] ?? (node.phase === 'DRAINING' ? 'draining' : 'healthy');
}

/** A node's state, with its heartbeats taken into account. */
export function fleetState(
  node: RecordedNode & { copied: boolean },
  silence: { isOverdue: boolean; isQuiet: boolean },
): FleetState {
  if (node.copied) return 'copied';
  if (!isInService(node) || node.isStopped || isLost(node)) return recordedState(node);
  if (silence.isOverdue) return 'overdue';
  return silence.isQuiet ? 'missing' : recordedState(node);
}
