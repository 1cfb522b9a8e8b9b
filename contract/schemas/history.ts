import { z } from 'zod';
import { HISTORY_WINDOWS, HEARTBEAT_SLOT_STATES } from '../history.js';
import { count, timestamp } from './common.js';
import { pointFigures } from './figures.js';

/** How a node did over a stretch of time: what its heartbeats said, and whether they came. */

export const nodeHistoryQuerySchema = z.strictObject({ window: z.enum(HISTORY_WINDOWS).default('1h') });

export const nodeHistorySchema = z
  .strictObject({
    window: z.enum(HISTORY_WINDOWS),
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
