import { Module } from '@nestjs/common';
import { ClusterModule } from '../cluster/cluster.module.js';
import { FleetHistoryReader } from './fleet-history-reader.js';
import { FleetNodesReader } from './fleet-nodes-reader.js';
import { FleetRecorder } from './fleet-recorder.js';

/** The whole fleet at a glance: each node in compact form, and the number of nodes in each state over a week. */
@Module({
  imports: [ClusterModule],
  providers: [FleetNodesReader, FleetHistoryReader, FleetRecorder],
  exports: [FleetNodesReader, FleetHistoryReader],
})
export class FleetModule {}
