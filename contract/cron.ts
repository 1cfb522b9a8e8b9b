/** The local times of a year that a cron expression of five fields names. */
export interface CronTimes {
  minutes: number[];
  hours: number[];
  /** Day of the month, from 1. */
  days: number[];
  /** From 1. */
  months: number[];
  /** From 0, which is Sunday. */
  weekdays: number[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Field {
  name: string;
  least: number;
  most: number;
  /** Names of `least` and the values after it. */
  words?: readonly string[];
}

const FIELDS: Readonly<Record<keyof CronTimes, Field>> = {
  minutes: { name: 'minute', least: 0, most: 59 },
  hours: { name: 'hour', least: 0, most: 23 },
  days: { name: 'day of the month', least: 1, most: 31 },
  months: { name: 'month', least: 1, most: 12, words: MONTHS },
  // Sunday is 7 too.
  weekdays: { name: 'day of the week', least: 0, most: 7, words: WEEKDAYS },
};

/**
 * Parses `minute hour day month weekday`, each `*`, a number, a range `1-5`, steps such as `0-59/15`, or a list of these; months and days of the
 * week also have English names. A day has to match both the day of the month and the day of the week, as in Temporal:
 * `0 2 1-7 * SAT` is the first Saturday.
 * @returns what is wrong with it, as the end of a sentence, if it is invalid
 */
export function parseCron(text: string): CronTimes | string {
  const written = text.trim().split(/\s+/);
  const fields = Object.entries(FIELDS);
  if (written.length !== fields.length)
    return 'has not five fields: minute, hour, day of the month, month, day of the week';
  const read = fields.map(([key, field], index) => [key, valuesOf(written[index] ?? '', field)] as const);
  for (const [index, [, values]] of read.entries())
    if (values === undefined) return `has no ${fields[index]?.[1].name} in “${written[index]}”`;
  const times = Object.fromEntries(read) as unknown as CronTimes;
  return { ...times, weekdays: sorted(times.weekdays.map((day) => day % 7)) };
}

function valuesOf(text: string, field: Field): number[] | undefined {
  const parts = text.split(',').map((part) => partOf(part, field));
  return parts.some((part) => part === undefined) ? undefined : sorted(parts.flatMap((part) => part ?? []));
}

/** `*`, `3`, `1-5`, and steps of the first and the last: `8-18/2`. */
function partOf(text: string, field: Field): number[] | undefined {
  const [, all, from, to, steps] = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  const step = steps === undefined ? 1 : Number(steps);
  if (step < 1 || (steps !== undefined && all === undefined && to === undefined)) return undefined;
  const first = all === undefined ? valueOf(from, field) : field.least;
  const last = all === undefined ? valueOf(to ?? from, field) : field.most;
  if (first === undefined || last === undefined || first > last) return undefined;
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}

function valueOf(text: string | undefined, { least, most, words = [] }: Field): number | undefined {
  const word = words.indexOf((text ?? '').toUpperCase());
  if (word >= 0) return least + word;
  const value = /^\d{1,2}$/.test(text ?? '') ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function sorted(values: number[]): number[] {
  return [...new Set(values)].toSorted((a, b) => a - b);
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Period of the calendar. */
const DAYS_OF_CALENDAR = 28 * 365 + 7;
const FROM = Date.UTC(2001, 0, 1);

/** The shortest time between two of its times, in milliseconds, ignoring changes of the clock; undefined if it names no time. */
export function leastGapMs({ minutes, hours, days, months, weekdays }: CronTimes): number | undefined {
  const ofDay = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
  const first = ofDay[0] ?? 0;
  const last = ofDay.at(-1) ?? 0;
  let least = Math.min(...ofDay.slice(1).map((minute, index) => minute - (ofDay[index] ?? 0)));
  let before: number | undefined;
  // One more year, for the predecessor of the first.
  for (let day = 0; day < DAYS_OF_CALENDAR + 366; day += 1) {
    const date = new Date(FROM + day * DAY_MS);
    if (!days.includes(date.getUTCDate()) || !months.includes(date.getUTCMonth() + 1)) continue;
    if (!weekdays.includes(date.getUTCDay())) continue;
    if (before !== undefined) least = Math.min(least, (day - before) * 24 * 60 + first - last);
    before = day;
  }
  return before === undefined ? undefined : least * MINUTE_MS;
}
