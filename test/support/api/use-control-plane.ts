import type { INestApplicationContext } from '@nestjs/common';
import type { Config } from '../../../contract/config/schema.js';
import { TemporalModule } from '../../../src/temporal/temporal.module.js';
import { useMongod, type Mongod } from '../servers/mongod.js';
import { useTemporal, type Temporal } from '../servers/temporal.js';
import { useInSuite } from '../use-in-suite.js';
import { useApi, type ApiUnderTest, type Settings } from './api-under-test.js';
import { startWorker } from './worker-under-test.js';

/** A worker that a test can stop and restart. */
class RestartableWorker {
  #running: INestApplicationContext | undefined;

  constructor(private readonly config: Config) {}

  async start(): Promise<this> {
    this.#running = await startWorker(this.config);
    return this;
  }

  async stop(): Promise<void> {
    await this.#running?.close();
    this.#running = undefined;
  }
}

export interface ControlPlane {
  mongod: Mongod;
  temporal: Temporal;
  api: ApiUnderTest;
  worker: RestartableWorker;
}

/** The api and a worker for the tests of a file, in this process, over a real Temporal. */
export function useControlPlane(settings: Settings = {}, mongod = useMongod(), temporal = useTemporal()): ControlPlane {
  const api = useApi({
    mongod,
    temporal: (config) => TemporalModule.forClient(config),
    settings: () => ({ 'Orchestrator.Temporal.Address': temporal.address, ...settings }),
  });
  const worker = useInSuite(
    () => new RestartableWorker(api.config).start(),
    (started) => started.stop(),
  );
  return { mongod, temporal, api, worker };
}
