import { clusterSchema } from '../../../contract/schemas/cluster.js';
import type { Cluster } from '../../../client/types.gen.js';
import { secondsAgo } from './example-nodes.js';

const GiB = 1_024 ** 3;

export const CLUSTER: Cluster = clusterSchema.parse({
  at: secondsAgo(1),
  nodes: {
    total: 8,
    byPhase: { REGISTERED: 1, PENDING: 1, REJECTED: 1, WAITING: 0, ACTIVE: 4, DRAINING: 1, DRAINED: 0, REMOVED: 0 },
    byLiveness: { HEALTHY: 6, UNHEALTHY: 0, UNKNOWN: 2 },
    stopped: {},
    overdue: 0,
    warnings: 1,
  },
  attention: { lost: 1, overdue: 0, copied: 0, lateDrain: 0, unapplied: 0, unfit: 0, pending: 1 },
  activeSessions: 4,
  massSilence: null,
  resources: { cpuCores: 28, cpuUsedCores: 9.5, memoryTotalBytes: 56 * GiB, memoryUsedBytes: 21 * GiB, gpus: 7 },
  resourcesAt: secondsAgo(3),
  heartbeats: {
    ...{
      intervalMs: 15_000,
      configuredIntervalMs: 15_000,
      stretched: false,
      expectedPerSecond: 8 / 15,
      maxPerSecond: 2_000,
    },
    signals: { regime: 'every', budgetPerSecond: 50, replicas: 1 },
  },
  settings: {
    pollIntervalMs: 5_000,
    heartbeatIntervalMs: 15_000,
    disconnectTimeoutMs: 60_000,
    missedHeartbeatsWarning: 2,
    temporalWebUI: null,
  },
});
