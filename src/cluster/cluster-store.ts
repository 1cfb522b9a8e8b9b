import type { Phase } from '../../contract/phase.js';
import type { EpochMs, Liveness } from '../../contract/states.js';

/** Living nodes, counted, and what the healthy ones among them last reported. */
export interface ClusterSummary {
  total: number;
  byPhase: Record<Phase, number>;
  byLiveness: Record<Liveness, number>;
  /** HEALTHY nodes that were last heard before `quietBefore`. */
  warnings: number;
  activeSessions: number;
  /** Of HEALTHY nodes only: what a silent node had is no longer known. */
  resources: { cpuCores: number; cpuUsedCores: number; memoryTotalBytes: number; memoryUsedBytes: number; gpus: number };
}

export abstract class ClusterStore {
  abstract summarize(quietBefore: EpochMs): Promise<ClusterSummary>;
}
