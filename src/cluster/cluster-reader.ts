import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { quietSince } from '../../contract/health.js';
import type { Cluster } from '../../contract/schemas/cluster.js';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../clock.js';
import { InjectConfig } from '../config.js';
import { ClusterStore } from './cluster-store.js';

/** However many pages look at the cluster, each replica counts it only so often, in milliseconds. */
const COUNTED_FOR_MS = 1_500;

/** The cluster in numbers, for administrators. */
@Injectable()
export class ClusterReader {
  private readonly settings: Cluster['settings'];
  private counted: { at: EpochMs; cluster: Promise<Cluster> } | undefined;

  constructor(
    private readonly store: ClusterStore,
    private readonly clock: Clock,
    @InjectConfig() { Compute, Orchestrator, WebUI }: Config,
  ) {
    const { MissedHeartbeatsWarning, DisconnectTimeout } = Orchestrator.NodeManager;
    this.settings = {
      pollIntervalMs: WebUI.PollInterval,
      heartbeatIntervalMs: Compute.Heartbeat.Interval,
      disconnectTimeoutMs: DisconnectTimeout,
      missedHeartbeatsWarning: MissedHeartbeatsWarning,
      temporalWebUI: Orchestrator.Temporal.WebUI ?? null,
    };
  }

  /** As of a moment ago: `at` says when. */
  read(): Promise<Cluster> {
    const now = this.clock.now();
    if (this.counted !== undefined && now - this.counted.at < COUNTED_FOR_MS) return this.counted.cluster;
    const counted = { at: now, cluster: this.count(now) };
    this.counted = counted;
    counted.cluster.catch(() => {
      // A failure is told to those who asked, and not to those who ask after them.
      if (this.counted === counted) this.counted = undefined;
    });
    return counted.cluster;
  }

  private async count(now: EpochMs): Promise<Cluster> {
    const { heartbeatIntervalMs, missedHeartbeatsWarning } = this.settings;
    const quiet = quietSince(now, heartbeatIntervalMs, missedHeartbeatsWarning);
    const { total, byPhase, byLiveness, warnings, activeSessions, resources } = await this.store.summarize(quiet);
    return { at: new Date(now).toISOString(), nodes: { total, byPhase, byLiveness, warnings }, activeSessions, resources, settings: this.settings };
  }
}
