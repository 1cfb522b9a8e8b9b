import { z } from 'zod';
import { parseDuration } from '../duration.js';
import {
  isDay,
  isTimeZone,
  LEAST_WINDOW_MS,
  MOST_BLACKOUTS,
  MOST_WINDOW_MS,
  whyNoWindow,
  type WindowTimes,
} from '../maintenance-window.js';
import { RESOURCE_NAME_SYNTAX } from '../name-pattern.js';
import { count, labelQuery, pageOf, prose, timestamp } from './common.js';

/** Times at which drain sets and agent updates may take nodes out. */

export const windowName = z
  .string()
  .regex(RESOURCE_NAME_SYNTAX, '1 to 63 lower-case letters, digits or hyphens')
  .meta({ example: 'saturday-night' });

const parts = {
  labels: z
    .array(labelQuery)
    .max(16)
    .meta({ description: 'the nodes that it is for have all of these; empty: it is for all', example: ['pool=a'] }),
  cron: z.string().min(1).max(128).meta({
    description:
      'when it opens: minute, hour, day of the month, month, day of the week. A day has to be both the day of the month and the day of the week: `0 2 1-7 * SAT` is the first Saturday',
    example: '0 2 * * SAT',
  }),
  timeZone: z.string().max(64).refine(isTimeZone, 'there is no such time zone: write it as Europe/Berlin or UTC').meta({
    description: 'whose clocks the cron expression and the blackout dates are read from',
    example: 'Europe/Berlin',
  }),
  duration: z
    .string()
    .max(32)
    .refine((text) => {
      const ms = parseDuration(text);
      return ms !== undefined && ms >= LEAST_WINDOW_MS && ms <= MOST_WINDOW_MS;
    }, 'a duration from 1m to 7d, such as 4h')
    .meta({ description: 'how long it is open', example: '4h' }),
  blackouts: z
    .array(z.string().max(10).refine(isDay, 'a day is written as 2026-12-24'))
    .max(MOST_BLACKOUTS)
    .meta({ description: 'days of the time zone on which it does not open', example: ['2026-12-24'] }),
  description: prose(1_024),
};

/** Refused as a whole if its parts do not fit together. */
function checkTimes({ cron, durationMs }: WindowTimes, context: z.core.$RefinementCtx): void {
  const fault = whyNoWindow({ cron, durationMs });
  if (fault !== undefined) context.addIssue({ code: 'custom', path: [fault.field], message: fault.says });
}

export const createWindowRequestSchema = z
  .strictObject({
    name: windowName,
    cron: parts.cron,
    timeZone: parts.timeZone,
    duration: parts.duration,
    labels: parts.labels.default([]),
    blackouts: parts.blackouts.default([]),
    description: parts.description.default(''),
  })
  .superRefine(({ cron, duration }, context) =>
    checkTimes({ cron, durationMs: parseDuration(duration) ?? LEAST_WINDOW_MS }, context),
  )
  .meta({ id: 'CreateMaintenanceWindowRequest' });

export const patchWindowRequestSchema = z
  .strictObject({
    version: count.optional().meta({
      description:
        'of the window as you know it: it is refused where somebody has changed it since; absent: it is not asked',
    }),
    ...z.strictObject(parts).partial().shape,
  })
  .meta({ id: 'PatchMaintenanceWindowRequest' });

/** Maximum number that is listed. */
export const MOST_WAITING_SETS = 100;
export const waitingSets = z
  .array(z.strictObject({ id: z.string(), kind: z.enum(['drain', 'agentUpdate']) }))
  .max(MOST_WAITING_SETS)
  .meta({ description: 'drain sets and updates of agents that run within it, and are not over' });

export const windowSchema = z
  .strictObject({
    name: windowName,
    version: count.meta({ description: 'grows with each change' }),
    labels: z.array(z.string()),
    cron: z.string(),
    timeZone: z.string(),
    duration: z.string(),
    blackouts: z.array(z.string()),
    description: z.string(),
    createdAt: timestamp,
    createdBy: z.string(),
    openUntil: timestamp.nullable().meta({ description: 'it is open until then; null: it is not open' }),
    openings: z
      .array(timestamp)
      .meta({ description: 'the next ones, as Temporal has told; empty where it was not heard yet' }),
    scheduled: z.boolean().meta({ description: "Temporal's schedule opens it as it is described here" }),
    problem: z.string().meta({ description: 'why the schedule does not yet; empty where it does' }),
    waiting: waitingSets,
    schedule: z.strictObject({ id: z.string(), url: z.url().nullable() }),
  })
  .meta({ id: 'MaintenanceWindow' });
export type WindowView = z.infer<typeof windowSchema>;

export const windowPageSchema = pageOf(windowSchema).meta({ id: 'MaintenanceWindowPage' });
