import type { EpochMs } from '../../contract/states.js';

/** A maintenance window in the record, with the state of its schedule. */
export interface MaintenanceWindow {
  name: string;
  /** Increases with each change. */
  version: number;
  /** Labels that its nodes need; empty for all nodes. */
  labels: string[];
  cron: string;
  timeZone: string;
  durationMs: number;
  /** Days on which it does not open, in its time zone. */
  blackouts: string[];
  description: string;
  createdAt: EpochMs;
  createdBy: string;
  /** The latest opening; absent before the first. */
  opened?: { at: EpochMs; until: EpochMs };
  /** The schedule: its version of the window (0 for none), its next openings, and why it is not of the latest version. */
  scheduled: { version: number; openings: EpochMs[]; problem: string };
}

/** Changes of a window. */
export type WindowChange = Partial<
  Pick<MaintenanceWindow, 'labels' | 'cron' | 'timeZone' | 'durationMs' | 'blackouts' | 'description'>
>;

/** End of the present opening; undefined where it is closed. An opening slightly in the future counts, since Temporal's clock may be ahead. */
export function openUntil({ opened }: Pick<MaintenanceWindow, 'opened'>, now: EpochMs): EpochMs | undefined {
  return opened !== undefined && now < opened.until ? opened.until : undefined;
}

/** Whether the schedule is up to date. */
export function isScheduled({ version, scheduled }: Pick<MaintenanceWindow, 'version' | 'scheduled'>): boolean {
  return scheduled.version === version;
}

/** The next openings, as known from Temporal. */
export function openingsOf(window: Pick<MaintenanceWindow, 'version' | 'scheduled'>, now: EpochMs): EpochMs[] {
  return isScheduled(window) ? window.scheduled.openings.filter((at) => at > now) : [];
}

/** Whether this time is on a blackout date, whatever the schedule says. */
export function isBlackedOut(
  { timeZone, blackouts }: Pick<MaintenanceWindow, 'timeZone' | 'blackouts'>,
  at: EpochMs,
): boolean {
  // The Swedish locale formats dates as 2026-12-24.
  return blackouts.includes(new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at));
}
