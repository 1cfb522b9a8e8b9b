import { z } from 'zod';
import {
  HEARTBEAT_SLOT_STATES,
  HISTORY_KEPT_MS,
  HISTORY_MARKS,
  HISTORY_WINDOWS,
  MOST_HISTORY_MARKS,
  SHORTEST_HISTORY_MS,
  type HistoryMark,
} from '../history.js';
import { count, timestamp } from './common.js';
import { pointFigures } from './figures.js';

/** A node's history: what its heartbeats reported, and whether they arrived. */

export const nodeHistoryQuerySchema = z
  .strictObject({
    window: z
      .enum(HISTORY_WINDOWS)
      .optional()
      .meta({ description: 'until now; 1h where neither it nor `from` is given' }),
    from: timestamp.optional().meta({ description: 'instead of a window: any stretch of the last week' }),
    to: timestamp.optional().meta({ description: 'its end; now where it is not given' }),
  })
  .superRefine(({ window, from, to }, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (from === undefined) {
      if (to !== undefined) refuse('from', 'give it with to');
      return;
    }
    if (window !== undefined) refuse('window', 'give either it, or from and to');
    if (to === undefined) return;
    const length = Date.parse(to) - Date.parse(from);
    if (length < SHORTEST_HISTORY_MS) refuse('to', 'it must be a minute after from, or more');
    else if (length > HISTORY_KEPT_MS.minutes) refuse('to', 'it must be a week after from at most');
  });

export const nodeHistorySchema = z
  .strictObject({
    window: z
      .enum(HISTORY_WINDOWS)
      .nullable()
      .meta({ description: 'null where the stretch was asked for by its ends' }),
    from: timestamp,
    to: timestamp,
    intervalMs: count.meta({ description: 'how often heartbeats are expected at present' }),
    resolutionMs: count.meta({
      description: 'heartbeats that came within so many milliseconds are one point, their mean',
    }),
    points: z
      .array(
        z.strictObject({
          at: timestamp,
          ...pointFigures(),
        }),
      )
      .max(721)
      .meta({ description: 'the earliest first; sizes are rounded to MiB' }),
    marks: z
      .array(
        z.strictObject({
          at: timestamp,
          type: z.enum(Object.keys(HISTORY_MARKS) as [HistoryMark, ...HistoryMark[]]),
          by: z.string(),
          reason: z.string(),
        }),
      )
      .max(MOST_HISTORY_MARKS)
      .meta({ description: 'decisions, drains and restarts of that time, the latest first' }),
    heartbeats: z
      .strictObject({
        from: timestamp.meta({ description: 'where the first slot begins' }),
        slotMs: count,
        slots: z.array(z.enum(HEARTBEAT_SLOT_STATES)).max(241).meta({
          description:
            'one after another, the last one may not be over yet. before: the node had not joined; received: all came that were due; late: one came after more than 1.5 intervals; missed: one was due and none came; blind: the control plane was not listening',
        }),
        received: count,
        late: count,
        missed: count,
      })
      .meta({ description: 'whether heartbeats came, and how many slots had which fate' }),
  })
  .meta({ id: 'NodeHistory' });
export type NodeHistory = z.infer<typeof nodeHistorySchema>;
