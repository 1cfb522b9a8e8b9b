import { Module } from '@nestjs/common';
import { ClusterModule } from '../cluster/cluster.module.js';
import { HistoryReader } from './history-reader.js';

/** What was heard of each node over hours and days; heartbeats write it. */
@Module({ imports: [ClusterModule], providers: [HistoryReader], exports: [HistoryReader] })
export class HistoryModule {}
