import { Module } from '@nestjs/common';
import { DrainsModule } from '../drains/drains.module.js';
import { PlanKeepingModule } from '../maintenance/plan-keeping.module.js';
import { WindowsModule } from '../maintenance/windows.module.js';
import { QuarantineModule } from '../quarantine/quarantine.module.js';
import { ReconciliationModule } from '../reconciliation/reconciliation.module.js';
import { SilenceWatchModule } from '../silence/silence-watch.module.js';
import { TemporalActivityPulse } from '../temporal/activity-pulse.js';
import { WebhookSecretsModule } from '../webhooks/webhook-secrets.module.js';
import { WebhookDeliverer } from '../webhooks/webhook-deliverer.js';
import { InjectedDrainSetPorts } from './drain-set-ports.js';
import { LifecycleMetrics } from './lifecycle-metrics.js';
import { LifecyclePorts } from './lifecycle-ports.js';
import { InjectedSweepPorts } from './silence-sweep-ports.js';

/** Provides the implementations of the activities' ports, which are interfaces without Nest. */
@Module({
  imports: [
    DrainsModule,
    PlanKeepingModule,
    QuarantineModule,
    ReconciliationModule,
    SilenceWatchModule,
    WebhookSecretsModule,
    WindowsModule,
  ],
  providers: [
    LifecycleMetrics,
    LifecyclePorts,
    InjectedDrainSetPorts,
    InjectedSweepPorts,
    TemporalActivityPulse,
    WebhookDeliverer,
  ],
  exports: [LifecyclePorts, InjectedDrainSetPorts, InjectedSweepPorts, WebhookDeliverer, WindowsModule],
})
export class ActivityPortsModule {}
