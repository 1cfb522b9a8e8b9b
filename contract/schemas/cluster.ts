import { z } from 'zod';
import { LIVENESSES } from '../states.js';
import { PHASES } from '../phase.js';
import { bytes, count, timestamp } from './common.js';

export const clusterSchema = z
  .strictObject({
    at: timestamp.meta({ description: 'when the cluster was counted: at most two seconds before it was asked for' }),
    nodes: z.strictObject({
      total: count.meta({ description: 'living nodes, api replicas (Requester) among them' }),
      byPhase: z.record(z.enum(PHASES), count),
      byLiveness: z.record(z.enum(LIVENESSES), count),
      warnings: count.meta({ description: 'nodes of type Compute that are HEALTHY still and have missed heartbeats in a row' }),
    }),
    activeSessions: count,
    resources: z
      .strictObject({
        cpuCores: z.number(),
        cpuUsedCores: z.number().meta({ description: 'cores times utilization' }),
        memoryTotalBytes: bytes,
        memoryUsedBytes: bytes,
        gpus: count,
      })
      .meta({ description: 'of HEALTHY nodes of type Compute, as each last reported' }),
    settings: z
      .strictObject({
        pollIntervalMs: count.meta({ description: 'WebUI.PollInterval: how often the web page asks unless its reader chooses otherwise' }),
        heartbeatIntervalMs: count,
        disconnectTimeoutMs: count,
        missedHeartbeatsWarning: count,
        temporalWebUI: z.url().nullable(),
      })
      .meta({ description: 'what readers of these numbers need to know of the configuration' }),
  })
  .meta({ id: 'Cluster' });
export type Cluster = z.infer<typeof clusterSchema>;
