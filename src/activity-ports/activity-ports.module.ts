import { Module } from '@nestjs/common';
import { DrainsModule } from '../drains/drains.module.js';
import { ReconciliationModule } from '../reconciliation/reconciliation.module.js';
import { SilenceWatchModule } from '../silence/silence-watch.module.js';
import { TemporalActivityPulse } from '../temporal/activity-pulse.js';
import { InjectedDrainSetPorts } from './drain-set-ports.js';
import { LifecycleMetrics } from './lifecycle-metrics.js';
import { LifecyclePorts } from './lifecycle-ports.js';
import { InjectedSweepPorts } from './silence-sweep-ports.js';

/** What activities work on: their ports are interfaces, which know nothing of Nest; here is who implements each. */
@Module({
  imports: [DrainsModule, ReconciliationModule, SilenceWatchModule],
  providers: [LifecycleMetrics, LifecyclePorts, InjectedDrainSetPorts, InjectedSweepPorts, TemporalActivityPulse],
  exports: [LifecyclePorts, InjectedDrainSetPorts, InjectedSweepPorts],
})
export class ActivityPortsModule {}
