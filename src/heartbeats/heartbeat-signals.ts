import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import type { EpochMs } from '../../contract/states.js';
import { NodeQuotas } from '../auth/node-quotas.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { HeartbeatPace } from '../cluster/heartbeat-pace.js';
import { LifecycleSignals } from '../lifecycle/lifecycle-signals.js';
import { InjectConfig } from '../process/config.js';
import { MetricRegistry, type Count } from '../process/metric-registry.js';
import type { NodeSummary } from '../record/node-summary.js';
import { FORWARDING_VERDICTS, HeartbeatForwarding, type ForwardingVerdict } from './heartbeat-forwarding.js';
import { SignalSpacing } from './signal-spacing.js';

/** Signals heartbeats to nodes' workflows, as HeartbeatForwarding decides. */
@Injectable()
export class HeartbeatSignals {
  private readonly forwarding: HeartbeatForwarding;
  private readonly spacing: SignalSpacing;
  private readonly verdicts: Readonly<Record<ForwardingVerdict | 'repeated' | 'dropped', Count>>;

  constructor(
    private readonly signals: LifecycleSignals,
    private readonly quotas: NodeQuotas,
    fleet: FleetSize,
    pace: HeartbeatPace,
    metrics: MetricRegistry,
    @InjectConfig() { Compute, Orchestrator }: Config,
  ) {
    this.forwarding = new HeartbeatForwarding(Orchestrator.NodeManager.MaxHeartbeatSignalsPerSecond, pace, fleet);
    this.spacing = new SignalSpacing(Compute.Heartbeat.Interval);
    this.verdicts = metrics.counts(
      'rollcall_heartbeat_signals_total',
      'Heartbeats by whether their workflow was signalled: change and within_budget were; over_budget, no_change, repeated (told before, and not acted on yet) and dropped (Temporal did not take it, too many are under way, or the workflow has yet to start) were not, and find it in the record',
      'verdict',
      [...FORWARDING_VERDICTS, 'repeated', 'dropped'],
    );
    metrics.gauge(
      'rollcall_heartbeat_signal_budget_per_second',
      'Signals of heartbeats that change nothing which this replica may send, its share of MaxHeartbeatSignalsPerSecond',
      { read: () => Orchestrator.NodeManager.MaxHeartbeatSignalsPerSecond / Math.max(1, fleet.replicas) },
    );
  }

  tell(node: NodeSummary, heard: { bootId: string }, at: EpochMs): void {
    const bootId = this.quotas.bootFor(node, heard.bootId);
    const verdict = this.forwarding.verdict(node, { bootId }, at);
    if (verdict === 'no_change' || verdict === 'over_budget') return this.verdicts[verdict].inc();
    if (!this.spacing.admits(node, bootId, at)) return this.verdicts.repeated.inc();
    void this.signals.signalHeartbeat(node, { at, bootId }).then((isHeard) => {
      this.verdicts[isHeard ? verdict : 'dropped'].inc();
      if (!isHeard) this.spacing.forget(node);
    });
  }
}
