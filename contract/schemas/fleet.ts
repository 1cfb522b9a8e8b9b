import { z } from 'zod';
import { parseDuration } from '../duration.js';
import { FLEET_STATES } from '../fleet-state.js';
import { FLEET_HISTORY_WINDOWS, HISTORY_WINDOWS, MOST_FLEET_POINTS, type HistoryWindow } from '../history.js';
import { count, fraction, labelKey, nodeName, timestamp } from './common.js';

/** The fleet as a whole: each node in a few characters, and the number of nodes in each state over time. */

const MINUTE_MS = 60_000;

export const fleetHistoryQuerySchema = z
  .strictObject({
    window: z.enum(HISTORY_WINDOWS).default('24h'),
    resolution: z.string().max(32).refine(isWholeMinutes, 'write it as whole minutes: 1m, 15m or 1h').optional().meta({
      description: 'how far points are apart; absent: so far that there are at most 720 of them',
      example: '15m',
    }),
  })
  .refine(({ window, resolution = '' }) => pointsOf(window, resolution) <= MOST_FLEET_POINTS, {
    path: ['resolution'],
    error: `too fine: a window has at most ${MOST_FLEET_POINTS} points, so that a week takes 7m or more`,
  });

function isWholeMinutes(text: string): boolean {
  const ms = parseDuration(text);
  return ms !== undefined && ms > 0 && ms % MINUTE_MS === 0;
}

function pointsOf(window: HistoryWindow, resolution: string): number {
  const { lengthMs, resolutionMs } = FLEET_HISTORY_WINDOWS[window];
  return lengthMs / (parseDuration(resolution) || resolutionMs);
}

export const fleetHistorySchema = z
  .strictObject({
    window: z.enum(HISTORY_WINDOWS),
    from: timestamp,
    to: timestamp,
    resolutionMs: count.meta({
      description:
        'of the minutes that came within so many milliseconds the one stands for all in which most nodes were not healthy',
    }),
    points: z
      .array(
        z.strictObject({
          at: timestamp,
          states: z.partialRecord(z.enum(FLEET_STATES), count).meta({
            description: 'how many nodes of type Compute were in which state; what is left out is none',
          }),
        }),
      )
      .max(MOST_FLEET_POINTS + 1)
      .meta({
        description:
          'the earliest first. Where points are missing the control plane was not counting: nothing is known of that time',
      }),
  })
  .meta({ id: 'FleetHistory' });
export type FleetHistory = z.infer<typeof fleetHistorySchema>;

/** Maximum number of nodes in an answer; in a larger fleet, healthy ones are left out first. */
export const MOST_CELLS = 25_000;
/** Maximum number of label values with a group of their own. */
export const MOST_GROUPS = 200;
/** Maximum number of label keys that are offered. */
export const MOST_LABEL_KEYS = 64;

export const fleetNodesQuerySchema = z.strictObject({
  label: labelKey.optional().meta({ description: 'the key of the label that nodes are grouped by' }),
});

const share = fraction.nullable();

export const fleetNodesSchema = z
  .strictObject({
    at: timestamp.meta({ description: 'when the nodes were read: at most 15 seconds before they were asked for' }),
    total: count.meta({ description: 'living nodes of type Compute' }),
    states: z.partialRecord(z.enum(FLEET_STATES), count).meta({
      description: 'how many of all of them are in which state; what is left out is none',
    }),
    labels: z
      .array(z.strictObject({ key: z.string(), nodes: count, values: count }))
      .max(MOST_LABEL_KEYS)
      .meta({ description: 'what they can be grouped by, and how many of them have it; the commonest first' }),
    groups: z
      .array(z.string())
      .max(MOST_GROUPS)
      .meta({ description: 'values of the label that was asked for; those that most nodes have' }),
    nodes: z
      .strictObject({
        id: z.array(nodeName).max(MOST_CELLS),
        state: z
          .array(count)
          .max(MOST_CELLS)
          .meta({ description: `index into: ${FLEET_STATES.join(', ')}` }),
        cpu: z.array(share).max(MOST_CELLS).meta({ description: 'utilization; null where the node is not heard' }),
        memory: z.array(share).max(MOST_CELLS).meta({ description: 'used share; null where the node is not heard' }),
        group: z.array(z.number().int().min(-2)).max(MOST_CELLS).meta({
          description:
            'index into groups; -1: it lacks the label; -2: its value has no group. Empty where no label was asked for',
        }),
      })
      .meta({
        description: `columns: what has the same place belongs to the same node. By id; of a fleet of more than ${MOST_CELLS} nodes healthy ones are left out first`,
      }),
  })
  .meta({ id: 'FleetNodes' });
export type FleetNodes = z.infer<typeof fleetNodesSchema>;
