import { Module } from '@nestjs/common';
import { QuarantineMetrics } from './quarantine-metrics.js';

/** What the api tells of nodes that checks have taken out. */
@Module({ providers: [QuarantineMetrics] })
export class QuarantineWatchModule {}
