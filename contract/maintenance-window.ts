import { leastGapMs, parseCron } from './cron.js';
import type { EpochMs } from './states.js';

/** The workflow of one opening of a window: its type's name; and the id of the schedule that starts it. */
export const WINDOW_WORKFLOW = 'maintenanceWindow';

export function windowScheduleId(name: string): string {
  return `window-${name}`;
}

/** The window that opens, and its nominal time: Temporal appends the time to the id in the schedule. */
export function openingOf(workflowId: string): WindowOpening | undefined {
  const [, name, moment = ''] = /^window-(.+)-(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/.exec(workflowId) ?? [];
  return name === undefined ? undefined : { name, at: Date.parse(moment) };
}

/** One opening of a window. */
export interface WindowOpening {
  name: string;
  at: EpochMs;
}

/** Tells a drain set that its window has opened or was changed, so that it looks at the window again. */
export const WINDOW_SIGNAL = 'windowChanged';

/** What the record has of the window that a drain set waits for. */
export interface WindowLook {
  /** End of the present opening, if it is open. */
  until?: EpochMs;
  /** Its next opening, as far as that is known. */
  opensAt?: EpochMs;
}

export const MOST_WINDOWS = 100;
export const MOST_BLACKOUTS = 100;
export const LEAST_WINDOW_MS = 60_000;
export const MOST_WINDOW_MS = 7 * 86_400_000;

/** When a window opens, and for how long. */
export interface WindowTimes {
  cron: string;
  durationMs: number;
}

/** Why a window cannot have these settings: the field and the rest of the sentence; undefined if it can. */
export function whyNoWindow({
  cron,
  durationMs,
}: WindowTimes): { field: 'cron' | 'duration'; says: string } | undefined {
  const times = parseCron(cron);
  if (typeof times === 'string') return { field: 'cron', says: times };
  const gap = leastGapMs(times);
  if (gap === undefined) return { field: 'cron', says: 'names a day that never comes' };
  if (durationMs > gap) return { field: 'duration', says: 'is longer than the time from one opening to the next' };
  return undefined;
}

/** Whether it is the name of a time zone in the IANA database, which Temporal accepts. */
export function isTimeZone(name: string): boolean {
  // The runtime also accepts offsets and lower case.
  if (!/^[A-Z][A-Za-z0-9_+-]*(\/[A-Z][A-Za-z0-9_+-]*){0,2}$/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** Whether it is a date of the calendar, such as 2026-12-24. */
export function isDay(text: string): boolean {
  const at = /^20\d\d-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
