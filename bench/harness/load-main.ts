import { LoadGenerator } from './load-generator.js';
import type { LoadMessage, LoadOrder } from './load-orders.js';

/* The load generator's process, separate from the sampler, so that neither slows the other. */
const generator = new LoadGenerator();
const tell = (message: LoadMessage) => process.connected && process.send?.(message);

async function obey(order: LoadOrder): Promise<void> {
  switch (order.kind) {
    case 'targets':
      generator.speakFor(order.targets);
      tell({ kind: 'ready' });
      return;
    case 'once':
      await generator.once(order.port, order.connections);
      tell({ kind: 'ready' });
      return;
    case 'run':
      tell({ kind: 'result', result: await generator.run(order.plan) });
      return;
    case 'stop':
      process.disconnect?.();
  }
}

process.on('message', (order: LoadOrder) => {
  obey(order).catch((error: unknown) => tell({ kind: 'failed', why: (error as Error).message }));
});
process.on('disconnect', () => process.exit(0));
