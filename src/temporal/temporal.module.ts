import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { Clock } from '../mechanics/clock.js';
import { ClusterIdentity } from '../cluster/cluster-identity.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { DatabaseProbe, TemporalProbe } from '../process/server-probe.js';
import { NodeStore } from '../record/node-store.js';
import { serverAddresses } from '../process/server-addresses.js';
import { SessionStore } from '../sessions/session-store.js';
import { ClaimedTemporal } from './claimed-temporal.js';
import { DrainSetSignals } from '../drains/drain-set-signals.js';
import { LifecycleSignals } from '../lifecycle/lifecycle-signals.js';
import { LifecycleWorkflows } from '../lifecycle/lifecycle-workflows.js';
import { lifecycleSettings } from '../lifecycle/lifecycle-settings.js';
import { TemporalClient } from './temporal-client.js';
import { TemporalDrainSetSignals } from './temporal-drain-set-signals.js';
import { TemporalLifecycleSignals } from './temporal-lifecycle-signals.js';
import { TemporalLifecycleWorkflows } from './temporal-lifecycle-workflows.js';

/** Temporal's client side: what api and worker say to lifecycle workflows. The only place that signals. */
@Global()
@Module({})
export class TemporalModule {
  /** @throws ConfigError where Temporal's address is not set */
  static forClient(config: Config): DynamicModule {
    const { Namespace, TaskQueue } = config.Orchestrator.Temporal;
    const settings = { address: serverAddresses(config).temporalAddress, namespace: Namespace, taskQueue: TaskQueue };
    return {
      module: TemporalModule,
      providers: [
        { provide: TemporalClient, useFactory: () => new TemporalClient(settings) },
        {
          provide: ClaimedTemporal,
          useFactory: (client: TemporalClient, identity: ClusterIdentity, nodes: NodeStore, database: DatabaseProbe) => new ClaimedTemporal(client, identity, nodes, database),
          inject: [TemporalClient, ClusterIdentity, NodeStore, DatabaseProbe],
        },
        { provide: TemporalProbe, useExisting: ClaimedTemporal },
        { provide: DrainSetSignals, useFactory: (client: ClaimedTemporal) => new TemporalDrainSetSignals(client), inject: [ClaimedTemporal] },
        { provide: LifecycleWorkflows, useFactory: (client: ClaimedTemporal) => new TemporalLifecycleWorkflows(client), inject: [ClaimedTemporal] },
        {
          provide: LifecycleSignals,
          useFactory: (client: ClaimedTemporal, workflows: LifecycleWorkflows, nodes: NodeStore, sessions: SessionStore, fleet: FleetSize, clock: Clock) =>
            new TemporalLifecycleSignals(client, workflows, nodes, sessions, lifecycleSettings(config), fleet, clock),
          inject: [ClaimedTemporal, LifecycleWorkflows, NodeStore, SessionStore, FleetSize, Clock],
        },
      ],
      exports: [TemporalClient, ClaimedTemporal, TemporalProbe, LifecycleWorkflows, LifecycleSignals, DrainSetSignals],
    };
  }
}
