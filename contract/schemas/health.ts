import { z } from 'zod';
import { count, timestamp } from './common.js';

const finding = z.strictObject({
  ok: z.boolean(),
  detail: z.string(),
  since: timestamp
    .optional()
    .meta({ description: 'since when it is not, as far as this replica has seen; absent where it is' }),
});

export const livenessSchema = z.strictObject({ status: z.literal('alive') }).meta({ id: 'Liveness' });

export const readinessSchema = z
  .strictObject({
    ready: z.boolean().meta({ description: 'requests may be led to this replica: it can record heartbeats' }),
    heartbeats: finding.meta({ description: 'whether heartbeats that come to this replica are recorded' }),
    mongodb: finding.meta({ description: 'whether it answers, and if not, why' }),
    massSilence: z.strictObject({ since: timestamp, silent: count, beating: count }).nullable().meta({
      description:
        'so many nodes are silent together that the way between them and the api is to be looked at; null where that is not so',
    }),
    temporal: finding.meta({
      description: 'whether it answers, and if not, why. Decisions and heartbeats are taken without it all the same',
    }),
    workers: finding.meta({
      description:
        'whether workers take the work that waits in Temporal, as of some seconds ago, and if not, why. Without them decisions and heartbeats are taken, and nothing follows from them. While that is not known it is not ok, and no `since` says since when',
    }),
  })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof readinessSchema>;
