#!/usr/bin/env node
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { configOrExit } from '../contract/config/config-from-argv.js';
import type { Config } from '../contract/config/schema.js';
import { ApiModule } from './api.module.js';
import { configureApi, fastifyAdapter } from './http/api-server.js';
import { requestLog } from './http/request-log.js';
import { createLog, NestLog } from './log.js';
import { isDatabaseUnavailable } from './mongo/database-unavailable.js';
import { MongoModule } from './mongo/mongo.module.js';
import { serverAddresses } from './server-addresses.js';
import { exitWithFailure } from './start-failure.js';
import { TemporalModule } from './temporal/temporal.module.js';

await main();

/** Every step of the api's start, in order. The servers that it needs may come later. */
async function main(): Promise<void> {
  const config = configOrExit('api');
  const log = await createLog();
  try {
    await serve(config, log);
  } catch (error) {
    exitWithFailure('api', error, config, log);
  }
}

async function serve(config: Config, log: Logger): Promise<void> {
  const { API } = config.Orchestrator;
  const logging = requestLog(log);
  const adapters = [MongoModule.forRoot(serverAddresses(config).mongoUri), TemporalModule.forClient(config), LoggerModule.forRoot(logging)];
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.forRoot(config, adapters), fastifyAdapter(), {
    logger: new NestLog(log, logging),
    bodyParser: false,
    abortOnError: false,
  });
  await configureApi(app, isDatabaseUnavailable);
  // Stops accepting, answers what it has accepted, writes the heartbeats that wait, and exits with 0.
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.listen({ host: API.Host, port: API.Port });
  log.info({ url: await app.getUrl() }, 'listening');
}
