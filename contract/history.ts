import { silentIntervals } from './health.js';
import type { NodeEventType } from './lifecycle.js';

/** Stretches of time that a node's plots show. */
export const HISTORY_WINDOWS = ['1h', '24h', '7d'] as const;
export type HistoryWindow = (typeof HISTORY_WINDOWS)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The fleet's: how long each is, and how far its points are apart unless somebody asks otherwise, in milliseconds. */
export const FLEET_HISTORY_WINDOWS: Record<HistoryWindow, { lengthMs: number; resolutionMs: number }> = {
  '1h': { lengthMs: HOUR_MS, resolutionMs: MINUTE_MS },
  '24h': { lengthMs: 24 * HOUR_MS, resolutionMs: 2 * MINUTE_MS },
  '7d': { lengthMs: 168 * HOUR_MS, resolutionMs: 14 * MINUTE_MS },
};
/** Each minute of a day: more than that no answer has. */
export const MOST_FLEET_POINTS = 1_440;

/** What became of the heartbeats that were due within a slot of time. */
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

/** A heartbeat is late that comes more than so many intervals after the one before: when the first would count as missed. */
export const LATE_AFTER_INTERVALS = silentIntervals(1);

/** What of a node's events is marked in its plots: what somebody decided, how its drains went, and when machine or agent began anew. */
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
/** Of a stretch with more events than these the latest are marked. */
export const MOST_HISTORY_MARKS = 100;

/** So long is the past kept, in milliseconds: each heartbeat, and the minutes of heartbeats. */
export const HISTORY_KEPT_MS = { beats: 3_600_000, minutes: 7 * 86_400_000 } as const;
/** The shortest stretch that can be asked for, in milliseconds. */
export const SHORTEST_HISTORY_MS = 60_000;

/** An hour at a glance: so many figures, each the mean of so many minutes. */
export const TRACE_STEP_MINUTES = 2;
export const TRACE_POINTS = 60 / TRACE_STEP_MINUTES;
