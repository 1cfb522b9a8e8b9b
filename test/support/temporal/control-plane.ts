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
import type { WorkflowBundle } from '../../../src/temporal/worker-version.js';
import { WorkerModule } from '../../../src/worker.module.js';
import '../quiet-runtime.js';
import { lifecycleBundle } from '../workflow/lifecycle-bundle.js';
import { useMongod, type Mongod } from '../servers/mongod.js';
import { useTemporal, type Temporal } from '../servers/temporal.js';
import { useInSuite } from '../use-in-suite.js';

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

/** The api's stores and Temporal. */
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

/** The worker, in this process. */
export async function startWorker(config: Config, bundle?: WorkflowBundle): Promise<Part> {
  const workflows = bundle ?? (await lifecycleBundle());
  return open(await Test.createTestingModule({ imports: [WorkerModule.forRoot(config, workflows)] }).compile());
}

async function open(context: INestApplicationContext): Promise<Part> {
  await context.init();
  await context.get(DatabaseProbe).ready;
  return { get: (token) => context.get(token), close: () => context.close() };
}

export interface Parts {
  mongod: Mongod;
  temporal: Temporal;
  config: Config;
  /** The api's stores and Temporal. */
  client: Part;
}

/** Stores and Temporal, as the api has them, for the tests of a file. */
export function useParts(settings: Record<string, string> = {}, mongod = useMongod(), temporal = useTemporal()): Parts {
  const config = useInSuite(
    () => Promise.resolve(ownConfig(mongod.uri, temporal.address, settings)),
    () => undefined,
  );
  const client = useInSuite(
    () => startClient(config),
    (started) => started.close(),
  );
  return { mongod, temporal, config, client };
}

/** The worker beside them. */
export function useWorker(config: Config): Part {
  return useInSuite(
    () => startWorker(config),
    (worker) => worker.close(),
  );
}
