import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { DEFAULT_NAMESPACE } from '../../contract/config/temporal-keys.js';
import { DrainSetSignals } from '../drains/drain-set-signals.js';
import { LifecycleSignals } from '../lifecycle/lifecycle-signals.js';
import { LifecycleWorkflows } from '../lifecycle/lifecycle-workflows.js';
import { WindowSchedules } from '../maintenance/window-schedules.js';
import { serverAddresses } from '../process/server-addresses.js';
import { TemporalProbe } from '../process/server-probe.js';
import { SilenceSweeper } from '../silence/silence-sweeper.js';
import { ClaimedTemporal } from './claimed-temporal.js';
import { PayloadsModule } from './payloads.module.js';
import { TEMPORAL_CONFIG, TemporalAccess } from './temporal-access.js';
import { TEMPORAL_SETTINGS, TemporalClient, type TemporalSettings } from './temporal-client.js';
import { TemporalDrainSetSignals } from './temporal-drain-set-signals.js';
import { TemporalLifecycleSignals } from './temporal-lifecycle-signals.js';
import { TemporalLifecycleWorkflows } from './temporal-lifecycle-workflows.js';
import { TemporalSilenceSweeper } from './temporal-silence-sweeper.js';
import { TemporalWebhookLines } from './temporal-webhook-lines.js';
import { TemporalWindowSchedules } from './temporal-window-schedules.js';
import { WebhookLines } from '../webhooks/webhook-lines.js';

const adapters: Provider[] = [
  TemporalAccess,
  TemporalClient,
  ClaimedTemporal,
  { provide: TemporalProbe, useExisting: ClaimedTemporal },
  { provide: DrainSetSignals, useClass: TemporalDrainSetSignals },
  { provide: LifecycleWorkflows, useClass: TemporalLifecycleWorkflows },
  { provide: LifecycleSignals, useClass: TemporalLifecycleSignals },
  { provide: SilenceSweeper, useClass: TemporalSilenceSweeper },
  { provide: WebhookLines, useClass: TemporalWebhookLines },
  { provide: WindowSchedules, useClass: TemporalWindowSchedules },
];

function settingsOf(config: Config): TemporalSettings {
  const { Namespace, TaskQueue } = config.Orchestrator.Temporal;
  return {
    address: serverAddresses(config).temporalAddress,
    namespace: Namespace ?? DEFAULT_NAMESPACE,
    taskQueue: TaskQueue,
  };
}

/** Temporal's client side, for api and worker. Nothing outside this folder signals workflows. */
@Global()
@Module({})
export class TemporalModule {
  /** @throws ConfigError where Temporal's address is not set */
  static forClient(config: Config): DynamicModule {
    return {
      module: TemporalModule,
      imports: [PayloadsModule],
      providers: [
        ...adapters,
        { provide: TEMPORAL_SETTINGS, useValue: settingsOf(config) },
        { provide: TEMPORAL_CONFIG, useValue: config.Orchestrator.Temporal },
      ],
      exports: [...adapters, PayloadsModule],
    };
  }
}
