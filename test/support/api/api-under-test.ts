import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createClient, type Client } from '../../../client/client/index.js';
import { loadConfig } from '../../../contract/config/load-config.js';
import type { Config } from '../../../contract/config/schema.js';
import { ApiModule } from '../../../src/api.module.js';
import { mintToken } from '../../../src/auth/secret-token.js';
import { configureApi, fastifyAdapter } from '../../../src/http/api-server.js';
import { isDatabaseUnavailable } from '../../../src/mongo/database-unavailable.js';
import { MongoModule } from '../../../src/mongo/mongo.module.js';
import { DatabaseProbe } from '../../../src/process/server-probe.js';
import { eventually } from '../eventually.js';
import { useMongod, type Mongod } from '../servers/mongod.js';
import { useInSuite } from '../use-in-suite.js';
import { silentLifecycle } from './silent-lifecycle.js';
import { removeFolder } from '../remove-folder.js';

export interface ApiUnderTest {
  url: string;
  mongoUri: string;
  app: NestFastifyApplication;
  config: Config;
  adminToken: string;
  joinToken: string;
  /** Sends requests as the first administrator. */
  admin: Client;
  /** Sends requests with this token, or with none. */
  as(token?: string): Client;
  /** Sends a raw request, as no well-behaved client would. */
  raw(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export interface ApiOptions {
  mongoUri: string;
  /** Modules that connect the api with Temporal; without them Temporal does not answer. */
  temporal?: (config: Config) => DynamicModule;
  /** Dotted keys, as for `--set`. */
  settings?: Record<string, string>;
  /** Tokens of an earlier run on the same database. */
  tokens?: { admin: string; join: string };
}

/** The api in this process, on a free port, over a real MongoDB; ready when its administrator is let in. */
export async function startApi(options: ApiOptions): Promise<ApiUnderTest> {
  const api = await beginApi(options);
  await eventually(() => ready(api));
  return api;
}

/** An api that listens, but may not be ready yet. */
export async function beginApi({
  mongoUri,
  temporal = () => silentLifecycle,
  settings = {},
  tokens,
}: ApiOptions): Promise<ApiUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-api-'));
  const [adminToken, joinToken] = [tokens?.admin ?? mintToken('rca').text, tokens?.join ?? mintToken('rcj').text];
  const [adminFile, joinFile] = [join(folder, 'admin'), join(folder, 'join')];
  await Promise.all([writeFile(adminFile, `${adminToken}\n`), writeFile(joinFile, joinToken)]);
  const config = loadConfig({
    env: {},
    flags: {
      'Orchestrator.MongoDB.URI': mongoUri,
      'Orchestrator.Name': 'node-0',
      'Orchestrator.API.Port': '0',
      'Orchestrator.Auth.AdminTokenFile': adminFile,
      'Orchestrator.Auth.JoinTokenFile': joinFile,
      'Compute.Heartbeat.Interval': '1s',
      ...settings,
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.forRoot(config, [MongoModule.forRoot(mongoUri, config), temporal(config)]),
    fastifyAdapter({ trustedProxies: config.Orchestrator.API.TrustedProxies }),
    { logger: process.env.LOG ? ['log', 'warn', 'error', 'debug'] : ['fatal'], bodyParser: false, abortOnError: false },
  );
  await configureApi(app, { isUnavailable: isDatabaseUnavailable, ready: app.get(DatabaseProbe).ready });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = await app.getUrl();
  const as = (token?: string) => createClient({ baseUrl: url, ...(token === undefined ? {} : { auth: token }) });
  const raw = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, init);
  return {
    url,
    mongoUri,
    app,
    config,
    adminToken,
    joinToken,
    admin: as(adminToken),
    as,
    raw,
    close: async () => {
      await app.close();
      await removeFolder(folder);
    },
  };
}

export type Settings = Record<string, string>;

export interface SuiteOptions {
  /** The suite's own, or else the shared one. */
  mongod?: Mongod;
  /** Dotted keys; a function if they depend on what the suite has started. */
  settings?: Settings | (() => Settings);
  temporal?: ApiOptions['temporal'] & {};
}

/** An api for the tests of a file, over a database of its own. */
export function useApi({ mongod = useMongod(), settings = {}, ...options }: SuiteOptions = {}): ApiUnderTest {
  return useInSuite(
    () => startApi({ mongoUri: freshDatabase(mongod.uri), settings: given(settings), ...options }),
    (api) => api.close(),
  );
}

/** Another replica of an api under test. */
export function useReplicaOf(
  api: ApiUnderTest,
  { settings = {}, ...options }: Omit<SuiteOptions, 'mongod'> = {},
): ApiUnderTest {
  return useInSuite(
    () =>
      startApi({
        ...options,
        mongoUri: api.mongoUri,
        settings: { ...given(settings), 'Orchestrator.Name': 'node-00' },
        tokens: { admin: api.adminToken, join: api.joinToken },
      }),
    (replica) => replica.close(),
  );
}

const given = (settings: Settings | (() => Settings)) => (typeof settings === 'function' ? settings() : settings);

/** Both tokens are stored, and heartbeats are recorded. */
async function ready(api: ApiUnderTest): Promise<void> {
  const headers = { authorization: `Bearer ${api.adminToken}` };
  const tokens = await api.raw('/v1/join-tokens', { headers });
  const body = (await tokens.json()) as { items?: unknown[] };
  if (tokens.status !== 200 || body.items?.length === 0)
    throw new Error(`the api is not ready: ${JSON.stringify(body)}`);
  const nodes = await api.raw('/v1/nodes/node-0', { headers });
  const node = (await nodes.json()) as { lastHeartbeat?: string };
  if (!node.lastHeartbeat) throw new Error(`the api has not beaten yet: ${JSON.stringify(node)}`);
}

/** A database of its own on a shared server. */
export function freshDatabase(uri: string): string {
  const url = new URL(uri);
  url.pathname = `/test-${randomUUID().slice(0, 8)}`;
  return url.href;
}
