import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import type { Quiet } from '../../contract/health.js';
import { signalRegime } from '../../contract/heartbeat-pace.js';
import type { Cluster } from '../../contract/schemas/cluster.js';
import type { EpochMs } from '../../contract/states.js';
import { HeartbeatPace } from './heartbeat-pace.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { MassSilences } from '../silence/mass-silences.js';
import { ClusterStore, type HeartbeatSums, type NamedNodes } from './cluster-store.js';
import { CountedNodes } from './counted-nodes.js';
import { FleetSize } from './fleet-size.js';
import type { NodeCounts, NodeTally } from './node-counts.js';

/** However many pages look at the cluster, each replica adds up its resources only so often, in milliseconds, */
const SUMMED_FOR_MS = 1_500;
/** more seldom in a fleet where that takes long, so that it takes at most this part of the time, */
const SUMMING_SHARE = 0.005;
/** and so often all the same, in milliseconds. */
const SUMMED_FOR_AT_MOST_MS = 15_000;

interface Summed {
  at: EpochMs;
  freshForMs: number;
  /** Nodes that were added up. */
  healthy: number;
  sums: Promise<HeartbeatSums>;
}

/** The cluster in numbers, for administrators. */
@Injectable()
export class ClusterReader {
  private readonly settings: Cluster['settings'];
  private readonly maxPerSecond: number;
  private readonly budgetPerSecond: number;
  private summed: Summed | undefined;

  constructor(
    private readonly nodes: CountedNodes,
    private readonly store: ClusterStore,
    private readonly fleet: FleetSize,
    private readonly pace: HeartbeatPace,
    private readonly silences: MassSilences,
    private readonly clock: Clock,
    @InjectConfig() { Compute, Orchestrator, WebUI }: Config,
  ) {
    const { MissedHeartbeatsWarning, DisconnectTimeout, MaxHeartbeatsPerSecond, MaxHeartbeatSignalsPerSecond } =
      Orchestrator.NodeManager;
    this.settings = {
      pollIntervalMs: WebUI.PollInterval,
      heartbeatIntervalMs: Compute.Heartbeat.Interval,
      disconnectTimeoutMs: DisconnectTimeout,
      missedHeartbeatsWarning: MissedHeartbeatsWarning,
      temporalWebUI: Orchestrator.Temporal.WebUI ?? null,
    };
    this.maxPerSecond = MaxHeartbeatsPerSecond;
    this.budgetPerSecond = MaxHeartbeatSignalsPerSecond;
  }

  /** Nodes as of a moment ago: `at` says when. What they have, as of `resourcesAt`. */
  async read(): Promise<Cluster> {
    const counts = await this.nodes.current();
    const now = this.clock.now();
    const summed = this.sum(counts, now);
    const [{ warnings, overdue, resources }, massSilence] = await Promise.all([summed.sums, this.silences.current()]);
    const { activeSessions, ...nodes } = counts.summary;
    return {
      at: new Date(now).toISOString(),
      nodes: { ...nodes, overdue, warnings },
      activeSessions,
      massSilence,
      resources,
      resourcesAt: new Date(summed.at).toISOString(),
      heartbeats: this.heartbeats(nodes.total),
      settings: this.settings,
    };
  }

  private heartbeats(nodes: number): Cluster['heartbeats'] {
    const { intervalMs, configuredMs, isStretched } = this.pace;
    return {
      intervalMs,
      configuredIntervalMs: configuredMs,
      stretched: isStretched,
      expectedPerSecond: (nodes * 1_000) / intervalMs,
      maxPerSecond: this.maxPerSecond,
      signals: {
        regime: signalRegime(this.fleet.current, intervalMs, this.budgetPerSecond),
        budgetPerSecond: this.budgetPerSecond,
        replicas: this.fleet.replicas,
      },
    };
  }

  /** As of a moment ago, for all who ask meanwhile. */
  private sum(counts: NodeCounts, now: EpochMs): Summed {
    const known = this.summed;
    const healthy = counts.count(isHealthy);
    // Where it costs little, nobody is told of a node and not of what it has.
    const isOutdated = known?.freshForMs === SUMMED_FOR_MS && known.healthy !== healthy;
    if (known !== undefined && now - known.at < known.freshForMs && !isOutdated) return known;
    const quiet: Quiet = {
      now,
      missed: this.settings.missedHeartbeatsWarning,
      intervalMs: this.settings.heartbeatIntervalMs,
    };
    const summed: Summed = {
      at: now,
      freshForMs: Number.POSITIVE_INFINITY,
      healthy,
      sums: this.store.sumHeartbeats(healthyNodes(counts), quiet, this.settings.disconnectTimeoutMs),
    };
    this.summed = summed;
    summed.sums.then(
      () => {
        const tookMs = this.clock.now() - now;
        summed.freshForMs = Math.min(SUMMED_FOR_AT_MOST_MS, Math.max(SUMMED_FOR_MS, tookMs / SUMMING_SHARE));
      },
      () => {
        // A failure is told to those who asked, and not to those who ask after them.
        if (this.summed === summed) this.summed = undefined;
      },
    );
    return summed;
  }
}

function isHealthy({ type, liveness }: NodeTally): boolean {
  return type === 'Compute' && liveness === 'HEALTHY';
}

/** What an api replica's machine has is not the cluster's to give away, and what a silent node had is no longer known. */
function healthyNodes(counts: NodeCounts): NamedNodes {
  const { those, others } = counts.divide(isHealthy);
  return those.length <= others.length ? { only: those } : { allBut: others };
}
