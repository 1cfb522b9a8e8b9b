import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from '../contract/config/load-config.js';
import { ApiModule } from './api.module.js';
import { fastifyAdapter } from './http/api-server.js';
import { MongoModule } from './mongo/mongo.module.js';
import { MetricRegistry } from './process/metric-registry.js';
import { measureReadiness } from './process/readiness-metrics.js';
import { serverAddresses } from './process/server-addresses.js';
import { TemporalModule } from './temporal/temporal.module.js';
import { WorkerModule } from './worker.module.js';

export type ServerProcess = 'api' | 'worker';

export interface DescribedMetric {
  name: string;
  type: string;
  help: string;
  labels: readonly string[];
  processes: ServerProcess[];
}

/** Nothing is asked of them. */
const SERVERS = {
  'Orchestrator.MongoDB.URI': 'mongodb://127.0.0.1:1/none',
  'Orchestrator.Temporal.Address': '127.0.0.1:1',
};

/**
 * What each process tells Prometheus of itself, from the registries that its parts fill when they are made. None of them is started, and no
 * server is asked. By name.
 */
export async function describedMetrics(): Promise<DescribedMetric[]> {
  const config = loadConfig({ env: {}, flags: SERVERS });
  const registries = { api: MetricRegistry.ofThisProcess(), worker: MetricRegistry.ofThisProcess() };
  const stores = MongoModule.forRoot(serverAddresses(config).mongoUri, config);
  const modules = [
    ApiModule.forRoot(config, [stores, TemporalModule.forClient(config)], registries.api),
    WorkerModule.forRoot(config, { code: '' }, registries.worker),
  ];
  for (const module of modules)
    await NestFactory.create(module, fastifyAdapter(), { logger: ['error'], abortOnError: false });
  // Of the worker's own HTTP server, which is not a part of its module.
  measureReadiness(registries.worker, () => Promise.reject(new Error('nobody is asked')));
  const described = new Map<string, DescribedMetric>();
  for (const process of ['api', 'worker'] as const) {
    for (const metric of registries[process].getMetricsAsArray()) {
      const {
        name,
        help,
        labelNames = [],
      } = metric as unknown as { name: string; help: string; labelNames?: string[] };
      const known = described.get(name);
      if (known) known.processes.push(process);
      else
        described.set(name, {
          name,
          help,
          labels: labelNames,
          type: metric.constructor.name.toLowerCase(),
          processes: [process],
        });
    }
  }
  return [...described.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
