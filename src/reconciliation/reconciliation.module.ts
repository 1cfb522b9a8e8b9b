import { Logger, Module } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { DecisionsModule } from '../decisions/decisions.module.js';
import { LifecycleModule } from '../lifecycle/lifecycle.module.js';
import { WindowsModule } from '../maintenance/windows.module.js';
import { ServiceLog } from '../process/service-log.js';
import { CONFIG } from '../process/config.js';
import { DecisionReminder } from './decision-reminder.js';
import { DrainSetReminder } from './drain-set-reminder.js';
import { HistoryCensus } from './history-census.js';
import { InjectedParts } from './reconciler-parts.js';
import { Reconciler } from './reconciler.js';
import { Reconciliation } from './reconciliation.js';
import { SessionCensus } from './session-census.js';
import { SilenceNotices } from './silence-notices.js';
import { StuckLifecycles } from './stuck-lifecycles.js';
import { UnheardConditions } from './unheard-conditions.js';
import { UNUSED_SLOT_RETENTION, UnusedSlots } from './unused-slots.js';
import { VersionCensus, WORKER_DEPLOYMENT } from './version-census.js';
import { WindowCensus } from './window-census.js';
import { WorkflowCensus } from './workflow-census.js';

/** Makes Temporal match the record, whatever was lost in between. */
@Module({
  imports: [DecisionsModule, LifecycleModule, WindowsModule],
  providers: [
    Reconciliation,
    Reconciler,
    { provide: ServiceLog, useFactory: () => new Logger(Reconciler.name) },
    InjectedParts,
    DecisionReminder,
    DrainSetReminder,
    WindowCensus,
    WorkflowCensus,
    HistoryCensus,
    SessionCensus,
    UnusedSlots,
    UnheardConditions,
    {
      provide: UNUSED_SLOT_RETENTION,
      useFactory: ({ Orchestrator }: Config) => Orchestrator.NodeManager.UnusedSlotRetention,
      inject: [CONFIG],
    },
    VersionCensus,
    {
      provide: WORKER_DEPLOYMENT,
      useFactory: ({ Orchestrator }: Config) => Orchestrator.Worker.Deployment ?? null,
      inject: [CONFIG],
    },
    StuckLifecycles,
    SilenceNotices,
  ],
  exports: [SilenceNotices],
})
export class ReconciliationModule {}
