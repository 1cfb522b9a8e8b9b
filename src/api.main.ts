#!/usr/bin/env node
import './process/keep-requests-young.js';
// Imported before all that it traces.
import './tracing/tracing.js';
import 'reflect-metadata';
import type { Server } from 'node:https';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { configOrExit } from '../contract/config/config-from-argv.js';
import type { Config } from '../contract/config/schema.js';
import { ApiModule } from './api.module.js';
import { configureApi, fastifyAdapter } from './http/api-server.js';
import { readCertificate, renewCertificate } from './http/server-certificate.js';
import { requestLog } from './http/request-log.js';
import { createServerLog, NestLog } from './process/log.js';
import { MetricRegistry } from './process/metric-registry.js';
import type { KeyPairFiles } from './process/pem-files.js';
import { isDatabaseUnavailable } from './mongo/database-unavailable.js';
import { MongoModule } from './mongo/mongo.module.js';
import { DatabaseProbe } from './process/server-probe.js';
import { serverAddresses } from './process/server-addresses.js';
import { exitWithFailure } from './process/start-failure.js';
import { Systemd } from '../contract/process/systemd.js';
import { stopInTime } from '../contract/process/stop-in-time.js';
import { withTemporalProfile } from './temporal/temporal-access.js';
import { TemporalModule } from './temporal/temporal.module.js';

await main();

/** Every step of the api's start, in order. The servers that it needs may come later. */
async function main(): Promise<void> {
  const config = configOrExit('api');
  const log = await createServerLog();
  try {
    await serve(withTemporalProfile(config), log);
  } catch (error) {
    exitWithFailure('api', error, config, log);
  }
}

async function serve(config: Config, log: Logger): Promise<void> {
  const { API } = config.Orchestrator;
  const files = certificateFiles(API.TLS);
  const certificate = files && readCertificate(files);
  const logging = requestLog(log);
  const adapters = [
    MongoModule.forRoot(serverAddresses(config).mongoUri, config),
    TemporalModule.forClient(config),
    LoggerModule.forRoot(logging),
  ];
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.forRoot(config, adapters, MetricRegistry.ofThisProcess()),
    fastifyAdapter({ certificate, trustedProxies: API.TrustedProxies }),
    {
      logger: new NestLog(log, logging),
      bodyParser: false,
      abortOnError: false,
    },
  );
  await configureApi(app, { isUnavailable: isDatabaseUnavailable, ready: app.get(DatabaseProbe).ready });
  // Stops accepting, answers what it has accepted, writes the heartbeats that wait, and exits with 0.
  stopInTime('api', log);
  const systemd = new Systemd(log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => systemd.stopping());
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  if (files) renewCertificate(app.getHttpServer() as Server, files, log);
  await app.listen({ host: API.Host, port: API.Port });
  const url = await app.getUrl();
  log.info({ url }, 'listening');
  systemd.ready(`listens at ${url}`);
}

/** The configuration has both or neither. */
function certificateFiles({ CertFile, KeyFile }: Config['Orchestrator']['API']['TLS']): KeyPairFiles | undefined {
  return CertFile === undefined || KeyFile === undefined ? undefined : { CertFile, KeyFile };
}
