import { Module } from '@nestjs/common';
import { ClusterModule } from '../cluster/cluster.module.js';
import { HeartbeatsModule } from '../heartbeats/heartbeats.module.js';
import { HttpModule } from '../http/http.module.js';
import { SilenceModule } from '../silence/silence.module.js';
import { Metrics } from './metrics.js';
import { ReadinessCheck } from './readiness-check.js';

/** For whoever runs the api: probes and metrics. */
@Module({
  imports: [ClusterModule, HeartbeatsModule, HttpModule, SilenceModule],
  providers: [Metrics, ReadinessCheck],
  exports: [Metrics, ReadinessCheck],
})
export class HealthModule {}
