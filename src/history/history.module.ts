import { Module } from '@nestjs/common';
import { ClusterModule } from '../cluster/cluster.module.js';
import { HeartbeatHistory } from './heartbeat-history.js';
import { HistoryReader } from './history-reader.js';

/** What was heard of each node over hours and days. */
@Module({ imports: [ClusterModule], providers: [HeartbeatHistory, HistoryReader], exports: [HeartbeatHistory, HistoryReader] })
export class HistoryModule {}
