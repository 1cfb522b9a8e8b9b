import { Module } from '@nestjs/common';
import { SilenceModule } from '../silence/silence.module.js';
import { ClusterReader } from './cluster-reader.js';
import { CountedNodes } from './counted-nodes.js';
import { FleetCensus } from './fleet-census.js';
import { FleetMetrics } from './fleet-metrics.js';
import { HeartbeatPace } from './heartbeat-pace.js';
import { QuietRules } from './quiet-rules.js';

/** The fleet as a whole: how many nodes there are, in which phase, and how often they are told to beat. */
@Module({
  imports: [SilenceModule],
  providers: [ClusterReader, CountedNodes, FleetCensus, FleetMetrics, HeartbeatPace, QuietRules],
  exports: [ClusterReader, FleetCensus, HeartbeatPace, QuietRules],
})
export class ClusterModule {}
