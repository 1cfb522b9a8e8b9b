import { z } from 'zod';
import { LIVENESSES } from '../states.js';
import { PHASES } from '../phase.js';
import { bytes, count } from './common.js';

export const clusterSchema = z
  .strictObject({
    nodes: z.strictObject({
      total: count,
      byPhase: z.record(z.enum(PHASES), count),
      byLiveness: z.record(z.enum(LIVENESSES), count),
      warnings: count,
    }),
    activeSessions: count,
    resources: z.strictObject({
      cpuCores: z.number(),
      memoryTotalBytes: bytes,
      memoryUsedBytes: bytes,
      gpus: count,
    }),
  })
  .meta({ id: 'Cluster' });
export type Cluster = z.infer<typeof clusterSchema>;
