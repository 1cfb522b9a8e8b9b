import { Module, type DynamicModule } from '@nestjs/common';
import { createActivities } from '../activities/create-activities.js';
import { createDrainSetActivities } from '../activities/drain-set-activities.js';
import { createSilenceSweepActivities } from '../activities/silence-sweep-activities.js';
import { createWebhookActivities } from '../activities/webhook-activities.js';
import { createWindowActivities } from '../activities/window-activities.js';
import type { Config } from '../contract/config/schema.js';
import { ActivityPortsModule } from './activity-ports/activity-ports.module.js';
import { InjectedDrainSetPorts } from './activity-ports/drain-set-ports.js';
import { LifecyclePorts } from './activity-ports/lifecycle-ports.js';
import { InjectedSweepPorts } from './activity-ports/silence-sweep-ports.js';
import { AlertsModule } from './alerts/alerts.module.js';
import { WindowKeeper } from './maintenance/window-keeper.js';
import { MongoModule } from './mongo/mongo.module.js';
import type { MetricRegistry } from './process/metric-registry.js';
import { ProcessModule } from './process/process.module.js';
import { DatabaseProbe } from './process/server-probe.js';
import { serverAddresses } from './process/server-addresses.js';
import { ReconciliationModule } from './reconciliation/reconciliation.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { ClaimedTemporal } from './temporal/claimed-temporal.js';
import { PayloadEncryption } from './temporal/payload-encryption.js';
import { TemporalAccess } from './temporal/temporal-access.js';
import { TemporalModule } from './temporal/temporal.module.js';
import { cachedWorkflows } from './temporal/worker-sizing.js';
import { WorkerVersion, type WorkflowBundle } from './temporal/worker-version.js';
import { WorkflowWorker } from './temporal/workflow-worker.js';
import { WebhookDeliverer } from './webhooks/webhook-deliverer.js';

/** The control plane's other process: runs workflows and activities, and makes up for signals that were lost. */
@Module({ imports: [ActivityPortsModule, AlertsModule, ReconciliationModule, RetentionModule] })
export class WorkerModule {
  /**
   * @param metrics where what this process does is measured
   * @throws ConfigError where MongoDB's or Temporal's address is not set
   */
  static forRoot(config: Config, workflowBundle: WorkflowBundle, metrics?: MetricRegistry): DynamicModule {
    const { Worker } = config.Orchestrator;
    return {
      module: WorkerModule,
      imports: [
        ProcessModule.forRoot(config, metrics),
        MongoModule.forRoot(serverAddresses(config).mongoUri, config),
        TemporalModule.forClient(config),
      ],
      providers: [
        {
          provide: WorkflowWorker,
          useFactory: async (
            temporal: ClaimedTemporal,
            database: DatabaseProbe,
            access: TemporalAccess,
            encryption: PayloadEncryption,
            lifecycles: LifecyclePorts,
            drainSets: InjectedDrainSetPorts,
            sweeps: InjectedSweepPorts,
            webhooks: WebhookDeliverer,
            windows: WindowKeeper,
          ) => {
            const activities = {
              ...createActivities(lifecycles),
              ...createDrainSetActivities(drainSets),
              ...createSilenceSweepActivities(sweeps),
              ...createWebhookActivities({ webhooks }),
              ...createWindowActivities({ windows }),
            };
            return new WorkflowWorker(
              temporal,
              database,
              access,
              encryption,
              activities,
              workflowBundle,
              await WorkerVersion.of(workflowBundle, Worker.Deployment, temporal.settings.namespace),
              cachedWorkflows(Worker.MemoryMB),
            );
          },
          inject: [
            ClaimedTemporal,
            DatabaseProbe,
            TemporalAccess,
            PayloadEncryption,
            LifecyclePorts,
            InjectedDrainSetPorts,
            InjectedSweepPorts,
            WebhookDeliverer,
            WindowKeeper,
          ],
        },
      ],
    };
  }
}
