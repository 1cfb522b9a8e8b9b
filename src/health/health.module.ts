import { Module } from '@nestjs/common';
import { HeartbeatsModule } from '../heartbeats/heartbeats.module.js';
import { SilenceModule } from '../silence/silence.module.js';
import { ReadinessCheck } from './readiness-check.js';
import { WorkerWatch } from './worker-watch.js';

/** Probes and metrics for operators. */
@Module({
  imports: [HeartbeatsModule, SilenceModule],
  providers: [ReadinessCheck, WorkerWatch],
  exports: [ReadinessCheck],
})
export class HealthModule {}
