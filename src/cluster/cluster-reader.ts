import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import type { Cluster } from '../../contract/schemas/cluster.js';
import { Clock } from '../clock.js';
import { InjectConfig } from '../config.js';
import { ClusterStore } from './cluster-store.js';

/** The cluster in numbers, for administrators. */
@Injectable()
export class ClusterReader {
  /** Silence of a HEALTHY node that counts as a warning, in milliseconds; agrees with `missedHeartbeats` of contract/health. */
  private readonly quietMs: number;

  constructor(
    private readonly cluster: ClusterStore,
    private readonly clock: Clock,
    @InjectConfig() { Compute, Orchestrator }: Config,
  ) {
    this.quietMs = (Orchestrator.NodeManager.MissedHeartbeatsWarning + 0.5) * Compute.Heartbeat.Interval;
  }

  async read(): Promise<Cluster> {
    const { total, byPhase, byLiveness, warnings, activeSessions, resources } = await this.cluster.summarize(this.clock.now() - this.quietMs);
    return { nodes: { total, byPhase, byLiveness, warnings }, activeSessions, resources };
  }
}
