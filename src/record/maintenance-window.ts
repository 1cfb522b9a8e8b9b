import type { EpochMs } from '../../contract/states.js';

/** When drain sets may take nodes out, as the record holds it: what was asked for, and what Temporal has made of it. */
export interface MaintenanceWindow {
  name: string;
  /** Grows with each change of what was asked for. */
  version: number;
  /** The nodes that it is for have all of these; empty: it is for all. */
  labels: string[];
  cron: string;
  timeZone: string;
  durationMs: number;
  /** Days of its time zone on which it does not open. */
  blackouts: string[];
  description: string;
  createdAt: EpochMs;
  createdBy: string;
  /** Its latest opening. Absent before the first. */
  opened?: { at: EpochMs; until: EpochMs };
  /** The version that Temporal's schedule is of, 0 before there is one; when that opens it next; and what keeps it from being of the latest version. */
  scheduled: { version: number; openings: EpochMs[]; problem: string };
}

/** What people may change of it. */
export type WindowChange = Partial<
  Pick<MaintenanceWindow, 'labels' | 'cron' | 'timeZone' | 'durationMs' | 'blackouts' | 'description'>
>;

/** Until when it is open; undefined where it is not. That Temporal's clock may be ahead of the record's makes it open no later. */
export function openUntil({ opened }: Pick<MaintenanceWindow, 'opened'>, now: EpochMs): EpochMs | undefined {
  return opened !== undefined && now < opened.until ? opened.until : undefined;
}

/** Whether Temporal's schedule is as it is to be. */
export function isScheduled({ version, scheduled }: Pick<MaintenanceWindow, 'version' | 'scheduled'>): boolean {
  return scheduled.version === version;
}

/** When it opens next, as Temporal has told; empty where it has not. */
export function openingsOf(window: Pick<MaintenanceWindow, 'version' | 'scheduled'>, now: EpochMs): EpochMs[] {
  return isScheduled(window) ? window.scheduled.openings.filter((at) => at > now) : [];
}

/** Whether this moment is on a day on which it does not open, whatever its schedule says. */
export function isBlackedOut(
  { timeZone, blackouts }: Pick<MaintenanceWindow, 'timeZone' | 'blackouts'>,
  at: EpochMs,
): boolean {
  // Sweden writes days as 2026-12-24.
  return blackouts.includes(new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at));
}
