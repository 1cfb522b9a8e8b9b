import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import type { EpochMs } from '../../contract/states.js';
import { NodeQuotas } from '../auth/node-quotas.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { HeartbeatPace } from '../cluster/heartbeat-pace.js';
import { LifecycleSignals } from '../lifecycle/lifecycle-signals.js';
import { InjectConfig } from '../process/config.js';
import type { NodeSummary } from '../record/node-summary.js';
import { HeartbeatForwarding } from './heartbeat-forwarding.js';
import { SignalSpacing } from './signal-spacing.js';

/** Tells a node's workflow of a heartbeat where it should hear of it. */
@Injectable()
export class HeartbeatSignals {
  private readonly forwarding: HeartbeatForwarding;
  private readonly spacing: SignalSpacing;

  constructor(
    private readonly signals: LifecycleSignals,
    private readonly quotas: NodeQuotas,
    fleet: FleetSize,
    pace: HeartbeatPace,
    @InjectConfig() { Compute, Orchestrator }: Config,
  ) {
    this.forwarding = new HeartbeatForwarding(Orchestrator.NodeManager.MaxHeartbeatSignalsPerSecond, pace, fleet);
    this.spacing = new SignalSpacing(Compute.Heartbeat.Interval);
  }

  tell(node: NodeSummary, heard: { bootId: string }, at: EpochMs): void {
    const bootId = this.quotas.bootFor(node, heard.bootId);
    if (!this.forwarding.isForwarded(node, { bootId }, at)) return;
    if (this.spacing.admits(node, bootId, at)) this.signals.signalHeartbeat(node, { at, bootId });
  }
}
