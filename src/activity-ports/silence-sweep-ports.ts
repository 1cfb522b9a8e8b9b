import { Injectable } from '@nestjs/common';
import type { SilenceSweepPorts } from '../../activities/silence-sweep-activities.js';
import type { Config } from '../../contract/config/schema.js';
import type { HeartbeatPacing } from '../../contract/heartbeat-pace.js';
import type { LivenessPolicy } from '../../contract/lifecycle.js';
import { livenessPolicy } from '../lifecycle/lifecycle-settings.js';
import { MongoSilentNodes } from '../mongo/mongo-silent-nodes.js';
import { InjectConfig } from '../process/config.js';
import { SilenceNotices } from '../reconciliation/silence-notices.js';
import { MassSilenceWatch } from '../silence/mass-silence-watch.js';
import { TemporalActivityPulse } from '../temporal/activity-pulse.js';

/** Ports of the silence sweep. */
@Injectable()
export class InjectedSweepPorts implements SilenceSweepPorts {
  readonly silence: SilenceSweepPorts['silence'];
  readonly watchForMassSilence: SilenceSweepPorts['watchForMassSilence'];
  readonly notice: SilenceSweepPorts['notice'];
  readonly policy: () => LivenessPolicy;
  readonly pacing: HeartbeatPacing;

  constructor(
    silentNodes: MongoSilentNodes,
    massSilence: MassSilenceWatch,
    notices: SilenceNotices,
    readonly pulse: TemporalActivityPulse,
    @InjectConfig() config: Config,
  ) {
    this.silence = silentNodes.silence;
    this.watchForMassSilence = (timeoutMs) => massSilence.watch(timeoutMs);
    this.notice = (node) => notices.notice(node);
    this.policy = () => livenessPolicy(config);
    this.pacing = {
      intervalMs: config.Compute.Heartbeat.Interval,
      maxPerSecond: config.Orchestrator.NodeManager.MaxHeartbeatsPerSecond,
    };
  }
}
