import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TemporalProbe } from '../../../src/process/server-probe.js';
import { DrainSetSignals } from '../../../src/drains/drain-set-signals.js';
import { LifecycleSignals, LifecycleUnavailable } from '../../../src/lifecycle/lifecycle-signals.js';
import { WindowSchedules } from '../../../src/maintenance/window-schedules.js';
import { WebhookLines } from '../../../src/webhooks/webhook-lines.js';
import { LifecycleWorkflows } from '../../../src/lifecycle/lifecycle-workflows.js';

/** A Temporal that does not answer: signals are lost. */
class SilentLifecycle extends LifecycleSignals {
  start = () => unheard();
  replace = () => unheard();
  startHeard = () => unheard();
  signalDecision = () => unheard();
  leaveStart = () => {};
  signalHeartbeat = () => Promise.resolve(false);
  signalConditions = () => Promise.resolve(false);
  reportSessions = () => unheard();
  openSession = () => unheard();
  terminateSession = () => unheard();
  querySessionCache = () => unheard();
  queryLifecycle = () => unheard();
}

class SilentWorkflows extends LifecycleWorkflows {
  doesNotReplay = () => unheard();
  incarnationOf = () => unheard();
  isOurs = () => unheard();
  endOf = () => unheard();
  terminate = () => unheard();
  // oxlint-disable-next-line require-yield
  async *running(): AsyncGenerator<never> {
    await unheard();
  }
  // oxlint-disable-next-line require-yield
  async *leftBehind(): AsyncGenerator<never> {
    await unheard();
  }
}

class SilentDrainSets extends DrainSetSignals {
  tell = () => unheard();
  windowChanged = () => unheard();
  rebuild = () => unheard();
  ensureStarted = () => unheard();
}

class SilentWebhookLines extends WebhookLines {
  wake = () => unheard();
  ensureStarted = () => unheard();
}

class SilentWindowSchedules extends WindowSchedules {
  ensure = () => unheard();
  remove = () => unheard();
  names = () => unheard();
}

class SilentProbe extends TemporalProbe {
  check = () => unheard();
  override untaken = () => unheard();
}

function unheard(): Promise<never> {
  return Promise.reject(new LifecycleUnavailable('Temporal does not answer'));
}

@Global()
@Module({
  providers: [
    { provide: LifecycleSignals, useClass: SilentLifecycle },
    { provide: LifecycleWorkflows, useClass: SilentWorkflows },
    { provide: DrainSetSignals, useClass: SilentDrainSets },
    { provide: WebhookLines, useClass: SilentWebhookLines },
    { provide: WindowSchedules, useClass: SilentWindowSchedules },
    { provide: TemporalProbe, useClass: SilentProbe },
  ],
  exports: [LifecycleSignals, LifecycleWorkflows, DrainSetSignals, WebhookLines, WindowSchedules, TemporalProbe],
})
class SilentLifecycleModule {}

export const silentLifecycle: DynamicModule = { module: SilentLifecycleModule };
