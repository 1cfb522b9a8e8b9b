import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { isLost } from '../../contract/fleet-state.js';
import { signalRegime } from '../../contract/heartbeat-pace.js';
import { isoTime } from '../../contract/iso-time.js';
import type { Cluster } from '../../contract/schemas/cluster.js';
import type { EpochMs } from '../../contract/states.js';
import { HeartbeatPace } from './heartbeat-pace.js';
import { Clock } from '../mechanics/clock.js';
import { KeptReading } from '../mechanics/kept-reading.js';
import { InjectConfig } from '../process/config.js';
import { MassSilences } from '../silence/mass-silences.js';
import { ClusterStore, type HeartbeatSums, type NeedyNodes } from './cluster-store.js';
import { CountedNodes } from './counted-nodes.js';
import { FleetSize } from './fleet-size.js';
import type { NodeTally } from './node-counts.js';
import { QuietRules } from './quiet-rules.js';

/** The cluster in numbers, for administrators. */
@Injectable()
export class ClusterReader {
  private readonly settings: Cluster['settings'];
  private readonly maxPerSecond: number;
  private readonly budgetPerSecond: number;
  private readonly summed: KeptReading<HeartbeatSums>;
  private readonly needy: KeptReading<NeedyNodes>;
  private readonly stopped: KeptReading<string[]>;

  constructor(
    private readonly nodes: CountedNodes,
    private readonly store: ClusterStore,
    private readonly fleet: FleetSize,
    private readonly pace: HeartbeatPace,
    private readonly silences: MassSilences,
    private readonly rules: QuietRules,
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
    this.summed = new KeptReading((now) => this.sum(now), clock);
    this.needy = new KeptReading((now) => store.needy(now), clock);
    this.stopped = new KeptReading(() => store.stopped(), clock);
  }

  /** The cluster in numbers: nodes as of `at`, a moment ago; resources as of `resourcesAt`. */
  async read(): Promise<Cluster> {
    const counts = await this.nodes.current();
    const now = this.clock.now();
    const summed = this.summed.current(counts.count(isHealthy));
    const [{ warnings, overdue, resources }, massSilence, { copied, lateDrain, unapplied, unfit }, uids] =
      await Promise.all([
        summed.value,
        this.silences.current(),
        this.needy.current().value,
        this.stopped.current().value,
      ]);
    const stopped = counts.those(uids).filter(({ type }) => type === 'Compute');
    const { activeSessions, ...nodes } = counts.summary;
    return {
      at: isoTime(now),
      nodes: { ...nodes, stopped: tallied(stopped), overdue, warnings },
      attention: {
        lost: counts.count((tally) => tally.type === 'Compute' && isLost(tally)) - stopped.filter(isLost).length,
        overdue,
        copied: copied.length,
        lateDrain,
        unapplied,
        unfit,
        pending: counts.count(({ type, phase }) => type === 'Compute' && phase === 'PENDING'),
      },
      activeSessions,
      massSilence,
      resources,
      resourcesAt: isoTime(summed.at),
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

  private async sum(now: EpochMs): Promise<HeartbeatSums> {
    const [counts, stopped] = await Promise.all([this.nodes.current(), this.stopped.current().value]);
    return this.store.sumHeartbeats(counts.named(isHealthy, stopped), this.rules.at(now), this.rules.timeoutMs);
  }
}

function tallied(nodes: readonly NodeTally[]): Cluster['nodes']['stopped'] {
  const tally: Cluster['nodes']['stopped'] = {};
  for (const { liveness } of nodes) tally[liveness] = (tally[liveness] ?? 0) + 1;
  return tally;
}

function isHealthy({ type, liveness }: NodeTally): boolean {
  return type === 'Compute' && liveness === 'HEALTHY';
}
