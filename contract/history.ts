import { silentIntervals } from './health.js';
import type { NodeEventType } from './lifecycle.js';

/** Spans of time that a node's plots can show. */
export const HISTORY_WINDOWS = ['1h', '24h', '7d'] as const;
export type HistoryWindow = (typeof HISTORY_WINDOWS)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Windows of the fleet's history: length and default distance of points, in milliseconds. */
export const FLEET_HISTORY_WINDOWS: Record<HistoryWindow, { lengthMs: number; resolutionMs: number }> = {
  '1h': { lengthMs: HOUR_MS, resolutionMs: MINUTE_MS },
  '24h': { lengthMs: 24 * HOUR_MS, resolutionMs: 2 * MINUTE_MS },
  '7d': { lengthMs: 168 * HOUR_MS, resolutionMs: 14 * MINUTE_MS },
};
/** Maximum number of points in an answer: one for each minute of a day. */
export const MOST_FLEET_POINTS = 1_440;

/** The fate of the heartbeats that were due within a slot of time. */
export const HEARTBEAT_SLOT_STATES = [
  /** The node had not joined. */
  'before',
  'received',
  'late',
  'missed',
  /** The control plane was not listening. */
  'blind',
] as const;
export type HeartbeatSlotState = (typeof HEARTBEAT_SLOT_STATES)[number];

/** A heartbeat is late this many intervals after the previous one; then the first counts as missed. */
export const LATE_AFTER_INTERVALS = silentIntervals(1);

/** Events that are marked in a node's plots: decisions, the progress of its drains, and restarts of machine or agent. */
export const HISTORY_MARKS = {
  NodeApproved: 'decision',
  NodeRejected: 'decision',
  NodeActivated: 'decision',
  NodeDeactivated: 'drain',
  NodeDecommissioned: 'drain',
  NodeDrained: 'drain',
  DrainDeadlinePassed: 'drain',
  NodeJoined: 'restart',
  NodeRestarted: 'restart',
  AgentUpdated: 'restart',
  AgentUpdateFailed: 'restart',
} as const satisfies Partial<Record<NodeEventType, string>>;
export type HistoryMark = keyof typeof HISTORY_MARKS;
/** Maximum number of marks; if there are more events, the latest are marked. */
export const MOST_HISTORY_MARKS = 100;

/** How long heartbeats are kept, individually and aggregated by the minute, in milliseconds. */
export const HISTORY_KEPT_MS = { beats: 3_600_000, minutes: 7 * 86_400_000 } as const;
/** Minimum span that can be requested, in milliseconds. */
export const SHORTEST_HISTORY_MS = 60_000;

/** Minutes averaged in each figure of the last hour's trace. */
export const TRACE_STEP_MINUTES = 2;
export const TRACE_POINTS = 60 / TRACE_STEP_MINUTES;
