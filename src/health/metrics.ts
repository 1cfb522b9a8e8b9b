import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { SIGNAL_REGIMES } from '../../contract/heartbeat-pace.js';
import { PHASES } from '../../contract/phase.js';
import { LIVENESSES } from '../../contract/states.js';
import { ClusterReader } from '../cluster/cluster-reader.js';
import { RequestMetrics } from '../http/request-metrics.js';
import { ReadinessCheck } from './readiness-check.js';

/** What Prometheus scrapes. No label holds a node's name: their number must not grow with the fleet. */
@Injectable()
export class Metrics {
  static readonly CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

  private readonly nodesByPhase = this.gauge('rollcall_nodes', 'Living nodes by phase', ['phase']);
  private readonly nodesByLiveness = this.gauge('rollcall_nodes_by_liveness', 'Living nodes by liveness', ['liveness']);
  private readonly warnings = this.gauge(
    'rollcall_nodes_missing_heartbeats',
    'HEALTHY nodes that have missed heartbeats in a row',
    [],
  );
  private readonly sessions = this.gauge('rollcall_active_sessions', 'Sessions on all nodes', []);
  private readonly interval = this.gauge(
    'rollcall_heartbeat_interval_seconds',
    'How often nodes are told to beat at present',
    [],
  );
  private readonly expected = this.gauge(
    'rollcall_heartbeats_expected_per_second',
    'Heartbeats of the whole fleet, by the present interval',
    [],
  );
  private readonly regime = this.gauge(
    'rollcall_heartbeat_signals',
    'Which heartbeats workflows hear of: 1 at the regime that is on',
    ['regime'],
  );
  private readonly replicas = this.gauge('rollcall_api_replicas', 'Replicas of the api that take heartbeats', []);
  private readonly massSilence = this.gauge(
    'rollcall_mass_silence_nodes',
    'Nodes that are silent together, so that nothing that cannot be undone follows; 0 where there is no mass silence',
    [],
  );
  private readonly ready = this.gauge('rollcall_ready', 'Whether this replica can record heartbeats', []);
  private readonly servers = this.gauge('rollcall_server_up', 'Whether a server behind this replica answers', [
    'server',
  ]);
  private readonly scrapeFailures = new Counter({
    name: 'rollcall_cluster_count_failures_total',
    help: 'Scrapes that could not count the nodes, because the database did not answer',
    registers: [this.requests.registry],
  });

  constructor(
    private readonly requests: RequestMetrics,
    private readonly cluster: ClusterReader,
    private readonly readiness: ReadinessCheck,
  ) {
    collectDefaultMetrics({ register: requests.registry });
  }

  async render(): Promise<string> {
    await Promise.all([this.countNodes(), this.checkServers()]);
    return this.requests.registry.metrics();
  }

  /** A database that is away is no reason to say nothing about the process. */
  private async countNodes(): Promise<void> {
    try {
      const { nodes, activeSessions, heartbeats } = await this.cluster.read();
      for (const phase of PHASES) this.nodesByPhase.set({ phase }, nodes.byPhase[phase] ?? 0);
      for (const liveness of LIVENESSES) this.nodesByLiveness.set({ liveness }, nodes.byLiveness[liveness] ?? 0);
      this.warnings.set(nodes.warnings);
      this.sessions.set(activeSessions);
      this.interval.set(heartbeats.intervalMs / 1_000);
      this.expected.set(heartbeats.expectedPerSecond);
      for (const regime of SIGNAL_REGIMES) this.regime.set({ regime }, Number(regime === heartbeats.signals.regime));
      this.replicas.set(heartbeats.signals.replicas);
    } catch {
      for (const gauge of [
        this.nodesByPhase,
        this.nodesByLiveness,
        this.warnings,
        this.sessions,
        this.interval,
        this.expected,
        this.regime,
        this.replicas,
      ])
        gauge.reset();
      this.scrapeFailures.inc();
    }
  }

  private async checkServers(): Promise<void> {
    const { ready, mongodb, temporal, massSilence } = await this.readiness.check();
    this.ready.set(Number(ready));
    this.massSilence.set(massSilence?.silent ?? 0);
    this.servers.set({ server: 'mongodb' }, Number(mongodb.ok));
    this.servers.set({ server: 'temporal' }, Number(temporal.ok));
  }

  private gauge<Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.requests.registry] });
  }
}
