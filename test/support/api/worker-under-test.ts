import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Config } from '../../../contract/config/schema.js';
import { DatabaseProbe } from '../../../src/process/server-probe.js';
import { WorkerModule } from '../../../src/worker.module.js';
import '../quiet-runtime.js';
import { lifecycleBundle } from '../workflow/lifecycle-bundle.js';

/** A worker in this process, with the configuration and the stores of the api beside it. */
export async function startWorker(config: Config): Promise<INestApplicationContext> {
  const logger = process.env.LOG ? (['log', 'warn', 'error'] as const) : (['fatal'] as const);
  const worker = await NestFactory.createApplicationContext(WorkerModule.forRoot(config, await lifecycleBundle()), {
    logger: [...logger],
    abortOnError: false,
  });
  // It connects in the background.
  await worker.get(DatabaseProbe).ready;
  return worker;
}
