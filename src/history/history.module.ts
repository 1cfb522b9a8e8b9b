import { Module } from '@nestjs/common';
import { ClusterModule } from '../cluster/cluster.module.js';
import { HistoryReader } from './history-reader.js';

/** Reading the history of heartbeats, which src/heartbeats writes. */
@Module({ imports: [ClusterModule], providers: [HistoryReader], exports: [HistoryReader] })
export class HistoryModule {}
