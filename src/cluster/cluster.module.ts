import { Module } from '@nestjs/common';
import { SilenceModule } from '../silence/silence.module.js';
import { ClusterReader } from './cluster-reader.js';
import { CountedNodes } from './counted-nodes.js';
import { FleetMetrics } from './fleet-metrics.js';
import { HeartbeatPace } from './heartbeat-pace.js';

/** The fleet as a whole: how many nodes there are, in which phase, and how often they are told to beat. */
@Module({
  imports: [SilenceModule],
  providers: [ClusterReader, CountedNodes, FleetMetrics, HeartbeatPace],
  exports: [ClusterReader, HeartbeatPace],
})
export class ClusterModule {}
