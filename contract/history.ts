import { silentIntervals } from './health.js';

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
