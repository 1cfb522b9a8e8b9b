import type { Phase } from './phase.js';
import type { Liveness } from './states.js';

/** What a compute node is, in one word: a picture of the fleet has one colour a node, and counts of them add up to all of it. What needs somebody comes first. */
export const FLEET_STATES = [
  /** In service, and silent for so long that its sessions are given up. */
  'unknown',
  /** In service, and silent. */
  'unhealthy',
  /** Silent for longer than it may, and not judged yet. */
  'overdue',
  /** More than one machine beats with its identity. */
  'copied',
  /** In service; heartbeats in a row are missing. */
  'missing',
  'pending',
  'waiting',
  'draining',
  'drained',
  /** In service, and its agent said goodbye: its silence is nobody's to look into. */
  'stopped',
  'rejected',
  'registered',
  /** In service and heard: nothing is the matter with it. */
  'healthy',
] as const;
export type FleetState = (typeof FLEET_STATES)[number];

/** How many nodes are in each state; what is left out is none. */
export type FleetCounts = Partial<Record<FleetState, number>>;

/** Phases in which a node is expected to be heard: its silence needs somebody. */
export const IN_SERVICE = ['ACTIVE', 'DRAINING'] as const satisfies readonly Phase[];

/** What is told apart by the record alone, however long ago a node was heard. */
export interface RecordedNode {
  phase: Phase;
  liveness: Liveness;
  /** Its agent said goodbye, and was not heard since. */
  isStopped?: boolean;
}

export function isInService({ phase }: Pick<RecordedNode, 'phase'>): boolean {
  return (IN_SERVICE as readonly Phase[]).includes(phase);
}

/** Silent for longer than it may, and judged: whether its machine, its agent or its network is gone is somebody's to find out. */
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

/** A node's state where its heartbeats come as they should. */
export function recordedState(node: RecordedNode): FleetState {
  if (node.isStopped && isInService(node)) return 'stopped';
  if (isLost(node)) return node.liveness === 'UNKNOWN' ? 'unknown' : 'unhealthy';
  return OF_PHASE[node.phase] ?? (node.phase === 'DRAINING' ? 'draining' : 'healthy');
}

/** A node's state by all that is known of it. */
export function fleetState(
  node: RecordedNode & { copied: boolean },
  silence: { isOverdue: boolean; isQuiet: boolean },
): FleetState {
  if (node.copied) return 'copied';
  if (!isInService(node) || node.isStopped || isLost(node)) return recordedState(node);
  if (silence.isOverdue) return 'overdue';
  return silence.isQuiet ? 'missing' : recordedState(node);
}
