import { z } from 'zod';

/** Whether a server that the api needs answers, and if not, why. */
const dependency = z.strictObject({ ok: z.boolean(), detail: z.string() });

export const livenessSchema = z.strictObject({ status: z.literal('alive') }).meta({ id: 'Liveness' });

export const readinessSchema = z
  .strictObject({ ready: z.boolean(), mongodb: dependency, temporal: dependency })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof readinessSchema>;
