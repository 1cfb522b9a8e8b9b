import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TemporalProbe } from '../../src/health/server-probe.js';
import { LifecycleSignals, LifecycleUnavailable } from '../../src/temporal/lifecycle-signals.js';

/** Temporal as it is when it does not answer: nothing that is said to it is heard. */
class SilentLifecycle extends LifecycleSignals {
  ensureStarted = () => unheard();
  signalDecision = () => unheard();
  signalHeartbeat = () => {};
  reportSessions = () => unheard();
  querySessionCache = () => unheard();
  queryLifecycle = () => unheard();
}

class SilentProbe extends TemporalProbe {
  check = () => unheard();
}

function unheard(): Promise<never> {
  return Promise.reject(new LifecycleUnavailable('Temporal does not answer'));
}

@Global()
@Module({
  providers: [
    { provide: LifecycleSignals, useClass: SilentLifecycle },
    { provide: TemporalProbe, useClass: SilentProbe },
  ],
  exports: [LifecycleSignals, TemporalProbe],
})
class SilentLifecycleModule {}

export const silentLifecycle: DynamicModule = { module: SilentLifecycleModule };
