import { Injectable } from '@nestjs/common';
import type { Histogram } from 'prom-client';
import type { EvidenceStore, Projection } from '../../activities/ports.js';
import type { Config } from '../../contract/config/schema.js';
import { DECISION_ACTIONS } from '../../contract/decision.js';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { MongoHeartbeatEvidence } from '../mongo/mongo-heartbeat-evidence.js';
import { MongoNodeProjectionStore } from '../mongo/mongo-node-projection-store.js';
import type { Known } from '../mongo/projection-fence.js';
import { InjectConfig } from '../process/config.js';
import { MetricRegistry, type Count } from '../process/metric-registry.js';

/** Metrics of lifecycles. Measured where projections are written, not in workflows, which are replayed. See docs/adr/0035. */
@Injectable()
export class LifecycleMetrics {
  /** The evidence store, with its looks counted. */
  readonly heartbeats: EvidenceStore;
  private readonly applied: Histogram<'action'>;
  private readonly joined: Histogram;
  private readonly drained: Histogram<'ended_by'>;
  private readonly detected: Histogram;
  private readonly looks: Readonly<Record<'heard' | 'silent' | 'unknown' | 'failed', Count>>;
  private readonly unknownTimeoutMs: number;

  constructor(
    projections: MongoNodeProjectionStore,
    evidence: MongoHeartbeatEvidence,
    private readonly clock: Clock,
    metrics: MetricRegistry,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    const { MaxLivenessChecksPerSecond, UnknownTimeout } = Orchestrator.NodeManager;
    this.unknownTimeoutMs = UnknownTimeout;
    this.applied = metrics.histogram(
      'rollcall_decision_applied_seconds',
      'From the commit of a decision until the record shows that its workflow has applied it; one that a later decision replaced is not measured',
      [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300],
      ['action'],
    );
    for (const action of DECISION_ACTIONS) this.applied.zero({ action });
    this.joined = metrics.histogram(
      'rollcall_node_join_healthy_seconds',
      "From a node's joining, or its approval where that came later, until it is HEALTHY",
      [0.25, 0.5, 1, 2.5, 5, 15, 30, 60, 300],
    );
    this.drained = metrics.histogram(
      'rollcall_drain_duration_seconds',
      'From a deactivation until the node is DRAINED, by what ended it: its sessions, or its deadline',
      [1, 10, 60, 300, 900, 3_600, 14_400, 86_400],
      ['ended_by'],
    );
    for (const ended_by of ['sessions', 'deadline']) this.drained.zero({ ended_by });
    this.detected = metrics.histogram(
      'rollcall_silence_detection_delay_seconds',
      "From the moment at which a node's silence reached DisconnectTimeout until it is UNHEALTHY; time in which nobody could be heard does not count",
      [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300],
    );
    this.looks = metrics.counts(
      'rollcall_liveness_looks_total',
      'Looks of workflows for evidence in the record, by what they found: a node heard within DisconnectTimeout, a silent one, one that the record does not know; or failed',
      'found',
      ['heard', 'silent', 'unknown', 'failed'],
    );
    metrics.gauge(
      'rollcall_liveness_look_budget_per_second',
      'Looks of the whole fleet that are meant to be, MaxLivenessChecksPerSecond; all workers share it',
      { read: () => MaxLivenessChecksPerSecond },
    );
    projections.onWritten = (projection, before) => this.measure(projection, before);
    this.heartbeats = {
      fleetSize: () => evidence.fleetSize(),
      evidenceFor: (request) => this.count(request.disconnectTimeoutMs, () => evidence.evidenceFor(request)),
    };
  }

  private measure({ view, events }: Projection, { joinedAt, decision, applied, unappliedSince }: Known): void {
    // A retry of a written projection.
    if (applied != null && applied.revision >= view.revision) return;
    if (unappliedSince !== undefined && view.seq === decision.seq)
      this.applied.observe({ action: decision.action }, sinceS(unappliedSince, this.clock.now()));
    for (const { type, at } of events) {
      if (type === 'FirstHeartbeat' && joinedAt !== null)
        this.joined.observe(sinceS(Math.max(joinedAt, view.approval.since), at));
      if (type === 'NodeDrained' && view.drain !== undefined)
        this.drained.observe(
          { ended_by: view.drain.terminating ? 'deadline' : 'sessions' },
          sinceS(view.drain.since, at),
        );
      // The view's deadline is that of the next step.
      if (type === 'NodeUnhealthy' && view.liveness.value === 'UNHEALTHY' && view.deadline !== undefined)
        this.detected.observe(sinceS(view.deadline - this.unknownTimeoutMs, at));
    }
  }

  private async count<Evidence extends { isGone?: true; lastHeartbeat?: EpochMs; blindMs: number; now: EpochMs }>(
    timeoutMs: number,
    look: () => Promise<Evidence>,
  ): Promise<Evidence> {
    try {
      const evidence = await look();
      const { isGone, lastHeartbeat, blindMs, now } = evidence;
      if (isGone) this.looks.unknown.inc();
      else this.looks[now - (lastHeartbeat ?? now) - blindMs < timeoutMs ? 'heard' : 'silent'].inc();
      return evidence;
    } catch (error) {
      this.looks.failed.inc();
      throw error;
    }
  }
}

/** Seconds from one time to another, at least 0, since clocks may differ a little. */
function sinceS(from: EpochMs, to: EpochMs): number {
  return Math.max(0, to - from) / 1_000;
}
