import { z } from 'zod';

const finding = z.strictObject({ ok: z.boolean(), detail: z.string() });

export const livenessSchema = z.strictObject({ status: z.literal('alive') }).meta({ id: 'Liveness' });

export const readinessSchema = z
  .strictObject({
    ready: z.boolean().meta({ description: 'requests may be led to this replica: it can record heartbeats' }),
    heartbeats: finding.meta({ description: 'whether heartbeats that come to this replica are recorded' }),
    mongodb: finding.meta({ description: 'whether it answers, and if not, why' }),
    temporal: finding.meta({ description: 'whether it answers, and if not, why. Decisions and heartbeats are taken without it all the same' }),
  })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof readinessSchema>;
