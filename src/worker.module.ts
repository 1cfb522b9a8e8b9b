import { randomUUID } from 'node:crypto';
import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { createActivities } from '../activities/create-activities.js';
import type { Config } from '../contract/config/schema.js';
import { Clock } from './clock.js';
import { DatabaseProbe } from './health/server-probe.js';
import { MongoHeartbeatEvidence } from './mongo/mongo-heartbeat-evidence.js';
import { MongoNodeProjectionStore } from './mongo/mongo-node-projection-store.js';
import { MongoSessionStore } from './mongo/mongo-session-store.js';
import { MongoModule } from './mongo/mongo.module.js';
import { NodeStore } from './nodes/node-store.js';
import { serverAddresses } from './server-addresses.js';
import { DecisionReminder } from './temporal/decision-reminder.js';
import { LeaseStore } from './temporal/lease-store.js';
import { livenessPolicy } from './temporal/lifecycle-settings.js';
import { LifecycleSignals } from './temporal/lifecycle-signals.js';
import { LifecycleWorkflows } from './temporal/lifecycle-workflows.js';
import { Reconciler } from './temporal/reconciler.js';
import { Reconciliation } from './temporal/reconciliation.js';
import { ReconciliationStore } from './temporal/reconciliation-store.js';
import { TemporalClient } from './temporal/temporal-client.js';
import { TemporalModule } from './temporal/temporal.module.js';
import { WorkflowCensus } from './temporal/workflow-census.js';
import { WorkflowWorker, type WorkflowBundle } from './temporal/workflow-worker.js';

/** The control plane's other process: runs workflows and activities, and makes up for signals that were lost. */
@Module({})
export class WorkerModule {
  /** @throws ConfigError where MongoDB's or Temporal's address is not set */
  static forRoot(config: Config, workflowBundle: WorkflowBundle): DynamicModule {
    const verdicts = {
      policy: () => livenessPolicy(config),
      maxLivenessChecksPerSecond: config.Orchestrator.NodeManager.MaxLivenessChecksPerSecond,
    };
    return {
      module: WorkerModule,
      imports: [MongoModule.forRoot(serverAddresses(config).mongoUri), TemporalModule.forClient(config)],
      providers: [
        {
          provide: WorkflowWorker,
          useFactory: (client: TemporalClient, nodes: MongoNodeProjectionStore, heartbeats: MongoHeartbeatEvidence, sessions: MongoSessionStore) =>
            new WorkflowWorker(client.settings, createActivities({ nodes, heartbeats, sessions, ...verdicts }), workflowBundle),
          inject: [TemporalClient, MongoNodeProjectionStore, MongoHeartbeatEvidence, MongoSessionStore],
        },
        {
          provide: Reconciliation,
          useFactory: (record: ReconciliationStore, nodes: NodeStore, signals: LifecycleSignals, workflows: LifecycleWorkflows, leases: LeaseStore, clock: Clock, database: DatabaseProbe) => {
            const reminder = new DecisionReminder(record, signals, workflows, clock);
            const census = new WorkflowCensus(record, nodes, signals, workflows, clock);
            return new Reconciliation(new Reconciler(reminder, census, leases, clock, new Logger(Reconciler.name), randomUUID()), database);
          },
          inject: [ReconciliationStore, NodeStore, LifecycleSignals, LifecycleWorkflows, LeaseStore, Clock, DatabaseProbe],
        },
      ],
    };
  }
}
