import { HISTORY_KEPT_MS, type HistoryWindow } from '../../contract/history.js';
import type { EpochMs } from '../../contract/states.js';
import { MINUTE_MS } from './minute-means.js';

const HOUR_MS = 60 * MINUTE_MS;

/** Length of each window, in milliseconds. */
const WINDOWS: Record<HistoryWindow, number> = { '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 168 * HOUR_MS };
/** Possible lengths of points and slots, in milliseconds: familiar ones. */
const LENGTHS = [5, 15, 30, 60, 120, 360, 840, 1_800, 3_600].map((seconds) => seconds * 1_000);
const POINTS = 720;
const SLOTS = 240;
/** Time by which expired data certainly outlasts its expiry, in milliseconds: MongoDB deletes whole buckets, once a minute. */
const FORGOTTEN_AFTER_MS = 2 * MINUTE_MS;
/** Minimum length of a slot made of minutes, in milliseconds, since only the time of a minute's last beat is known. */
const SHORTEST_SLOT_OF_MINUTES_MS = 2 * MINUTE_MS;

/** A requested range: a window that ends now, or a stretch with given ends. */
export interface StretchRequest {
  window?: HistoryWindow | undefined;
  /** ISO 8601. */
  from?: string | undefined;
  to?: string | undefined;
}

/** A range of a node's history and its resolution: at most 720 points and 240 slots. */
export interface HistoryStretch {
  window: HistoryWindow | null;
  from: EpochMs;
  to: EpochMs;
  /** Whether single heartbeats of the whole range are still stored, not only minutes. */
  isWhole: boolean;
  resolutionMs: number;
  slotMs: number;
}

/** @param intervalMs heartbeat interval, in milliseconds */
export function historyStretch(
  { window = '1h', from, to }: StretchRequest,
  now: EpochMs,
  intervalMs: number,
): HistoryStretch {
  const end = to === undefined ? now : Math.min(now, Date.parse(to));
  const begin = from === undefined ? now - WINDOWS[window] : Date.parse(from);
  const length = Math.max(0, end - begin);
  const isWhole = now - begin <= HISTORY_KEPT_MS.beats + FORGOTTEN_AFTER_MS;
  const slotMs = lengthFor(length, SLOTS, isWhole ? 15_000 : SHORTEST_SLOT_OF_MINUTES_MS);
  return {
    window: from === undefined ? window : null,
    from: begin,
    to: begin + length,
    isWhole,
    resolutionMs: lengthFor(length, POINTS, isWhole ? 0 : MINUTE_MS),
    slotMs: Math.max(slotMs, intervalMs),
  };
}

/** The shortest length that divides the stretch into at most `parts` parts. */
function lengthFor(stretchMs: number, parts: number, atLeastMs: number): number {
  const longEnough = (length: number) => length >= atLeastMs && length * parts >= stretchMs;
  return LENGTHS.find(longEnough) ?? Math.ceil(stretchMs / parts);
}
