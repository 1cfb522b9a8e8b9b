import { silentIntervals } from './health.js';

/** Stretches of time that a node's plots show. */
export const HISTORY_WINDOWS = ['1h', '24h', '7d'] as const;
export type HistoryWindow = (typeof HISTORY_WINDOWS)[number];

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
