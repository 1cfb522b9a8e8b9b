import { trustOrchestrators } from '../process/trust-only.js';
import { systemClock } from '../process/agent-clock.js';
import { agentVersion } from '../process/version.js';
import type { SimulationMessage, SimulationOrder, SimulationPlan } from '../../contract/simulation.js';
import { PlainHttp, PlainRequest } from './plain-http.js';
import { RequestMeter } from './request-meter.js';
import { Simulation } from './simulation.js';
import { TickingClock } from './ticking-clock.js';

/*
 * The process in which the agents of `rollcall sim` and of benchmarks run. It takes orders from its parent, sends it messages, and ends when
 * the parent is gone. The parent handles Ctrl-C.
 */
process.on('SIGINT', () => undefined);
const stop = new AbortController();
let simulation: Simulation | undefined;

function tell(message: SimulationMessage): void {
  // A parent that has just gone is reported by `disconnect`.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

/** Without the channel nothing keeps the process alive. */
function leave(): void {
  if (process.connected) process.disconnect?.();
}

async function run(plan: SimulationPlan): Promise<void> {
  trustOrchestrators(plan.caFile);
  const meter = new RequestMeter(new PlainHttp().fetch);
  // The generated client looks these globals up at every call.
  globalThis.Request = PlainRequest as unknown as typeof Request;
  globalThis.fetch = meter.fetch;
  const running = new Simulation(plan, agentVersion(), meter, new TickingClock(systemClock));
  simulation = running;
  const telling = setInterval(() => tell({ kind: 'status', status: running.status() }), plan.statusEveryMs);
  try {
    tell({ kind: 'summary', summary: await running.run(stop.signal) });
  } finally {
    clearInterval(telling);
  }
}

async function obey(order: SimulationOrder): Promise<void> {
  switch (order.kind) {
    case 'run':
      await run(order.plan);
      leave();
      return;
    case 'strike':
      tell({
        kind: 'struck',
        at: Date.now(),
        nodes: (await simulation?.strike(order.fault, order.count, order.forMs ?? 0)) ?? [],
      });
      return;
    case 'stop':
      stop.abort('the simulation ends');
  }
}

process.on('message', (order: SimulationOrder) => {
  obey(order).catch((error: unknown) => {
    tell({ kind: 'failed', why: (error as Error).message });
    process.exitCode = 1;
    leave();
  });
});
process.on('disconnect', () => stop.abort('the simulation ends'));
