#!/usr/bin/env node
// Before all that it follows.
import './tracing/tracing.js';
import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import type { Logger } from 'pino';
import { answerParent } from '../contract/process/answers-parent.js';
import { configOrExit } from '../contract/config/config-from-argv.js';
import type { Config } from '../contract/config/schema.js';
import { createServerLog, NestLog } from './process/log.js';
import { MetricRegistry } from './process/metric-registry.js';
import { exitWithFailure } from './process/start-failure.js';
import { Systemd } from '../contract/process/systemd.js';
import { stopInTime } from '../contract/process/stop-in-time.js';
import { withTemporalProfile } from './temporal/temporal-access.js';
import { installTemporalRuntime } from './temporal/temporal-runtime.js';
import { DatabaseProbe, TemporalProbe } from './process/server-probe.js';
import { freeLoopbackAddress, WorkerDoor } from './temporal/worker-door.js';
import { WorkflowWorker } from './temporal/workflow-worker.js';
import { WorkerModule } from './worker.module.js';

await main();

/** Every step of the worker's start, in order. The servers that it needs may come later. */
async function main(): Promise<void> {
  const config = configOrExit('worker');
  const log = await createServerLog();
  try {
    await work(withTemporalProfile(config), log);
  } catch (error) {
    exitWithFailure('worker', error, config, log);
  }
}

async function work(config: Config, log: Logger): Promise<void> {
  const { MetricsAddress } = config.Orchestrator.Worker;
  const sdkMetrics = MetricsAddress === undefined ? undefined : await freeLoopbackAddress();
  const metrics = MetricRegistry.ofThisProcess();
  const door = MetricsAddress && sdkMetrics ? await WorkerDoor.open(MetricsAddress, metrics, sdkMetrics) : undefined;
  installTemporalRuntime(log, sdkMetrics);
  const worker = await NestFactory.createApplicationContext(WorkerModule.forRoot(config, workflowBundle(), metrics), {
    logger: new NestLog(log),
    abortOnError: false,
  });
  door?.show({
    isWorking: () => worker.get(WorkflowWorker).isWorking,
    version: () => worker.get(WorkflowWorker).version.state,
    checks: {
      mongodb: () => worker.get(DatabaseProbe, { strict: false }).check(),
      temporal: async () => {
        const temporal = worker.get(TemporalProbe, { strict: false });
        await temporal.check();
        temporal.assertReadable();
      },
    },
  });
  // Takes no more work, finishes what it has in hand, and exits with 0.
  stopInTime('worker', log);
  answerParent();
  const systemd = new Systemd(log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => systemd.stopping());
  systemd.ready('takes work');
  worker.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
}

function workflowBundle(): { codePath: string } {
  const codePath = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
  if (!existsSync(codePath))
    throw new Error(`the workflows are not bundled (${codePath} is missing): run npm run build`);
  return { codePath };
}
