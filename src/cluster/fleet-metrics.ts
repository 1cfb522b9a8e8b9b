import { Injectable } from '@nestjs/common';
import { SIGNAL_REGIMES } from '../../contract/heartbeat-pace.js';
import { PHASES } from '../../contract/phase.js';
import { LIVENESSES } from '../../contract/states.js';
import { inTime } from '../mechanics/in-time.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { ClusterReader } from './cluster-reader.js';

/** Time limit of a count, in milliseconds: less than Prometheus waits by default. */
const COUNTED_WITHIN_MS = 5_000;

/** The cluster in numbers, for Prometheus. Every api replica reports the same. */
@Injectable()
export class FleetMetrics {
  constructor(cluster: ClusterReader, metrics: MetricRegistry) {
    const byPhase = metrics.gauge('rollcall_nodes', 'Living nodes by phase', { labels: ['phase'] });
    const byLiveness = metrics.gauge('rollcall_nodes_by_liveness', 'Living nodes by liveness', {
      labels: ['liveness'],
    });
    const warnings = metrics.gauge(
      'rollcall_nodes_missing_heartbeats',
      'HEALTHY nodes that have missed heartbeats in a row',
    );
    const unfit = metrics.gauge('rollcall_nodes_unfit', 'Nodes of which a check says that they are unfit');
    const sessions = metrics.gauge('rollcall_active_sessions', 'Sessions on all nodes');
    const interval = metrics.gauge(
      'rollcall_heartbeat_interval_seconds',
      'How often nodes are told to beat at present',
    );
    const expected = metrics.gauge(
      'rollcall_heartbeats_expected_per_second',
      'Heartbeats of the whole fleet, by the present interval',
    );
    const regime = metrics.gauge(
      'rollcall_heartbeat_signal_regime',
      'Which heartbeats workflows hear of: 1 at the regime that is on',
      { labels: ['regime'] },
    );
    const replicas = metrics.gauge('rollcall_api_replicas', 'Replicas of the api that take heartbeats');
    const failures = metrics.counter(
      'rollcall_cluster_count_failures_total',
      'Scrapes that could not count the nodes, because the database did not answer',
    );
    metrics.beforeScrape(async () => {
      try {
        const { nodes, attention, activeSessions, heartbeats } = await inTime(
          cluster.read(),
          COUNTED_WITHIN_MS,
          'late',
        );
        for (const phase of PHASES) byPhase.set({ phase }, nodes.byPhase[phase] ?? 0);
        for (const liveness of LIVENESSES) byLiveness.set({ liveness }, nodes.byLiveness[liveness] ?? 0);
        warnings.set(nodes.warnings);
        unfit.set(attention.unfit ?? 0);
        sessions.set(activeSessions);
        interval.set(heartbeats.intervalMs / 1_000);
        expected.set(heartbeats.expectedPerSecond);
        for (const one of SIGNAL_REGIMES) regime.set({ regime: one }, Number(one === heartbeats.signals.regime));
        replicas.set(heartbeats.signals.replicas);
      } catch {
        // Without the database, metrics of the process are still served.
        for (const gauge of [byPhase, byLiveness, regime]) gauge.reset();
        for (const gauge of [warnings, unfit, sessions, interval, expected, replicas]) gauge.remove();
        failures.inc();
      }
    });
  }
}
