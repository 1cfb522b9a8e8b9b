import { Module } from '@nestjs/common';
import { ClusterModule } from '../cluster/cluster.module.js';
import { FleetHistoryReader } from './fleet-history-reader.js';
import { FleetNodesReader } from './fleet-nodes-reader.js';
import { FleetRecorder } from './fleet-recorder.js';

/** The whole fleet at a glance: each node in a few characters, and how many were in which state over a week. */
@Module({
  imports: [ClusterModule],
  providers: [FleetNodesReader, FleetHistoryReader, FleetRecorder],
  exports: [FleetNodesReader, FleetHistoryReader],
})
export class FleetModule {}
