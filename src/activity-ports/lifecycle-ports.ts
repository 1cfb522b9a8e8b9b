import { Injectable } from '@nestjs/common';
import type { ActivityPorts, EvidenceStore } from '../../activities/ports.js';
import type { Config } from '../../contract/config/schema.js';
import type { LivenessPolicy } from '../../contract/lifecycle.js';
import { livenessPolicy } from '../lifecycle/lifecycle-settings.js';
import { KeptPlans } from '../maintenance/kept-plans.js';
import { MongoNodeHistories } from '../mongo/mongo-node-histories.js';
import { MongoNodeProjectionStore } from '../mongo/mongo-node-projection-store.js';
import { MongoSessionTerminator } from '../mongo/mongo-session-terminator.js';
import { InjectConfig } from '../process/config.js';
import { Quarantines } from '../quarantine/quarantines.js';
import { MassSilenceWatch } from '../silence/mass-silence-watch.js';
import { LifecycleMetrics } from './lifecycle-metrics.js';

/** Ports of the lifecycles' activities. */
@Injectable()
export class LifecyclePorts implements ActivityPorts {
  readonly heartbeats: EvidenceStore;
  readonly heartbeatIntervalMs: number;
  readonly maxLivenessChecksPerSecond: number;
  readonly policy: () => LivenessPolicy;

  constructor(
    readonly nodes: MongoNodeProjectionStore,
    readonly histories: MongoNodeHistories,
    { heartbeats }: LifecycleMetrics,
    readonly massSilence: MassSilenceWatch,
    readonly sessions: MongoSessionTerminator,
    readonly fitness: Quarantines,
    readonly plans: KeptPlans,
    @InjectConfig() config: Config,
  ) {
    this.heartbeats = heartbeats;
    this.heartbeatIntervalMs = config.Compute.Heartbeat.Interval;
    this.maxLivenessChecksPerSecond = config.Orchestrator.NodeManager.MaxLivenessChecksPerSecond;
    this.policy = () => livenessPolicy(config);
  }
}
