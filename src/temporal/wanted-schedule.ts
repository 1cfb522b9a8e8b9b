import { isDeepStrictEqual } from 'node:util';
import {
  DAYS_OF_WEEK,
  MONTHS,
  type CalendarSpec,
  type ScheduleDescription,
  type ScheduleOptions,
} from '@temporalio/client';
import { parseCron } from '../../contract/cron.js';
import { formatDuration } from '../../contract/duration.js';
import type { MaintenanceWindow } from '../record/maintenance-window.js';

/** A calendar of Temporal's: the matching values of each field. */
interface Calendar {
  second: number[];
  minute: number[];
  hour: number[];
  dayOfMonth: number[];
  month: number[];
  /** Empty for all years. */
  year: number[];
  dayOfWeek: number[];
}

const ALL = {
  second: upTo(0, 59),
  minute: upTo(0, 59),
  hour: upTo(0, 23),
  dayOfMonth: upTo(1, 31),
  month: upTo(1, 12),
  year: [],
  dayOfWeek: upTo(0, 6),
} satisfies Calendar;

/** Openings are independent, so that one that hangs does not block others. */
const OVERLAP = 'ALLOW_ALL' as const;

/** The desired schedule of a window, without its action. After an outage of Temporal it opens late, for what is left. */
export function wantedSchedule(window: MaintenanceWindow) {
  return {
    spec: {
      calendars: [{ ...specOf(opensAt(window)), comment: window.cron }],
      skip: window.blackouts.map((day) => ({ ...specOf(wholeDay(day)), comment: day })),
      timezone: window.timeZone,
    },
    policies: { overlap: OVERLAP, catchupWindow: window.durationMs },
    state: { paused: false, note: noteOf(window) },
  } satisfies Partial<ScheduleOptions>;
}

/** Whether Temporal's description of a schedule is equivalent to the desired one. */
export function isAsWanted({ raw, policies, state, spec }: ScheduleDescription, window: MaintenanceWindow): boolean {
  const { structuredCalendar, excludeStructuredCalendar } = raw.schedule?.spec ?? {};
  return isDeepStrictEqual(
    {
      opens: (structuredCalendar ?? []).map(calendarOf),
      skips: (excludeStructuredCalendar ?? []).map(calendarOf),
      zone: spec.timezone,
      others: [spec.intervals?.length ?? 0, spec.jitter ?? 0, spec.startAt, spec.endAt, state.remainingActions],
      ...{ overlap: policies.overlap, catchupMs: policies.catchupWindow, paused: state.paused, note: state.note },
    },
    {
      opens: [opensAt(window)],
      skips: window.blackouts.map(wholeDay),
      zone: window.timeZone,
      others: [0, 0, undefined, undefined, undefined],
      ...{ overlap: OVERLAP, catchupMs: window.durationMs, paused: false, note: noteOf(window) },
    },
  );
}

/** Note for the Web UI. Stored in clear, so it includes no text of people but the name. */
function noteOf({ name, durationMs }: MaintenanceWindow): string {
  return `Maintenance window ${name}, open for ${formatDuration(durationMs)}`;
}

function opensAt({ name, cron }: MaintenanceWindow): Calendar {
  const times = parseCron(cron);
  // The api refuses such expressions, so this cannot happen.
  if (typeof times === 'string') throw new Error(`the cron expression of window ${name} ${times}`);
  const { minutes, hours, days, months, weekdays } = times;
  return { ...ALL, second: [0], minute: minutes, hour: hours, dayOfMonth: days, month: months, dayOfWeek: weekdays };
}

function wholeDay(day: string): Calendar {
  const [year = 0, month = 0, dayOfMonth = 0] = day.split('-').map(Number);
  return { ...ALL, dayOfMonth: [dayOfMonth], month: [month], year: [year] };
}

/** Maps a calendar to the SDK's type. */
function specOf(calendar: Calendar): CalendarSpec {
  const { second, minute, hour, dayOfMonth, month, year, dayOfWeek } = calendar;
  const allOr = <Value>(values: Value[], all: readonly unknown[]) => (values.length === all.length ? '*' : values);
  return {
    second: allOr(second, ALL.second),
    minute: allOr(minute, ALL.minute),
    hour: allOr(hour, ALL.hour),
    dayOfMonth: allOr(dayOfMonth, ALL.dayOfMonth),
    month: allOr(
      month.flatMap((one) => MONTHS[one - 1] ?? []),
      MONTHS,
    ),
    year: allOr(year, ALL.year),
    dayOfWeek: allOr(
      dayOfWeek.flatMap((one) => DAYS_OF_WEEK[one] ?? []),
      DAYS_OF_WEEK,
    ),
  };
}

type RawCalendar = NonNullable<
  NonNullable<NonNullable<ScheduleDescription['raw']['schedule']>['spec']>['structuredCalendar']
>[number];

function calendarOf({ second, minute, hour, dayOfMonth, month, year, dayOfWeek }: RawCalendar): Calendar {
  return {
    second: valuesOf(second),
    minute: valuesOf(minute),
    hour: valuesOf(hour),
    dayOfMonth: valuesOf(dayOfMonth),
    month: valuesOf(month),
    year: valuesOf(year),
    dayOfWeek: valuesOf(dayOfWeek),
  };
}

/** Values of ranges, in which an end or a step of 0 means none. */
function valuesOf(ranges: RawCalendar['minute']): number[] {
  const values = (ranges ?? []).flatMap(({ start, end, step }) => {
    const first = start ?? 0;
    return upTo(first, Math.max(first, end ?? 0), Math.max(1, step ?? 0));
  });
  return values.toSorted((a, b) => a - b);
}

function upTo(first: number, last: number, step = 1): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}
