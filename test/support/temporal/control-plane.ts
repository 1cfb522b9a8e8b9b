import { randomUUID } from 'node:crypto';
import type { Abstract, INestApplicationContext, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { loadConfig } from '../../../contract/config/load-config.js';
import type { Config } from '../../../contract/config/schema.js';
import { DatabaseProbe } from '../../../src/process/server-probe.js';
import { MongoModule } from '../../../src/mongo/mongo.module.js';
import { LifecycleModule } from '../../../src/lifecycle/lifecycle.module.js';
import { ProcessModule } from '../../../src/process/process.module.js';
import { serverAddresses } from '../../../src/process/server-addresses.js';
import { TemporalModule } from '../../../src/temporal/temporal.module.js';
import { WorkerModule } from '../../../src/worker.module.js';
import '../quiet-runtime.js';
import { lifecycleBundle } from '../workflow/lifecycle-bundle.js';

export interface Part {
  get<Service>(token: Type<Service> | Abstract<Service>): Service;
  close(): Promise<void>;
}

/** Settings for a database and a task queue of a test file's own. */
export function ownConfig(mongodUri: string, temporalAddress: string, more: Record<string, string> = {}): Config {
  const uri = new URL(mongodUri);
  uri.pathname = `/t-${randomUUID()}`;
  return loadConfig({
    env: {},
    flags: {
      'Orchestrator.MongoDB.URI': uri.href,
      'Orchestrator.Temporal.Address': temporalAddress,
      'Orchestrator.Temporal.TaskQueue': randomUUID(),
      ...more,
    },
  });
}

/** What the api has of stores and Temporal. */
export async function startClient(config: Config): Promise<Part> {
  return open(
    await Test.createTestingModule({
      imports: [
        ProcessModule.forRoot(config),
        MongoModule.forRoot(serverAddresses(config).mongoUri, config),
        TemporalModule.forClient(config),
        LifecycleModule,
      ],
    }).compile(),
  );
}

/** The worker process, in this one. */
export async function startWorker(config: Config): Promise<Part> {
  return open(
    await Test.createTestingModule({ imports: [WorkerModule.forRoot(config, await lifecycleBundle())] }).compile(),
  );
}

async function open(context: INestApplicationContext): Promise<Part> {
  await context.init();
  await context.get(DatabaseProbe).ready;
  return { get: (token) => context.get(token), close: () => context.close() };
}
