import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, WorkflowClient } from '@temporalio/client';
import { mongo } from 'mongoose';
import { ApiAccess } from '../../embedded/api-access.js';
import { findBinary } from '../../embedded/find-binary.js';
import { freePort } from '../../embedded/free-port.js';
import { Home } from '../../embedded/home.js';
import { program } from '../../embedded/installation.js';
import { explainExit, ManagedProcess, type ProcessSpec } from '../../embedded/managed-process.js';
import { MONGOD } from '../../embedded/mongod-binary.js';
import { becomePrimary, mongodArguments, mongodUri } from '../../embedded/run-mongod.js';
import { knowsNamespace, temporalServer } from '../../embedded/run-temporal.js';
import { TEMPORAL } from '../../embedded/temporal-binary.js';
import { mintToken } from '../../src/auth/secret-token.js';
import { becomes } from './becomes.js';
import { liveHeap } from './live-heap.js';
import { TemporalMetrics } from './temporal-metrics.js';

const LOOPBACK = '127.0.0.1';
const UP_WITHIN_MS = 60_000;
/** Limits that would apply because all simulated agents share one address. */
const FLEET_OF_ONE_ADDRESS = { 'Orchestrator.API.MaxJoinsPerSecond': '100000' };

export interface BenchClusterOptions {
  /** Configuration beyond the defaults, by key: `Orchestrator.NodeManager.DisconnectTimeout`. */
  settings?: Record<string, string>;
  /** Without Temporal and the worker, for benches that need neither. */
  recordOnly?: boolean;
}

/** Rollcall's own processes on the real servers, like `npm start`, in a home of their own and on free ports. */
export class BenchCluster {
  readonly url: string;
  readonly #mongo: mongo.MongoClient;
  #temporal: Connection | undefined;

  private constructor(
    readonly home: Home,
    readonly apiPort: number,
    private readonly adminToken: string,
    private readonly ports: { mongod: number; temporal: number; metrics: number; inspector: number },
    private readonly running: Map<string, ManagedProcess>,
  ) {
    this.url = `http://${LOOPBACK}:${apiPort}`;
    this.#mongo = new mongo.MongoClient(mongodUri(ports.mongod));
  }

  /** @param onBegin called with it before it has any process */
  static async start(
    { settings = {}, recordOnly = false }: BenchClusterOptions,
    onBegin: (cluster: BenchCluster) => void,
  ): Promise<BenchCluster> {
    const home = await Home.open(await mkdtemp(join(tmpdir(), 'rollcall-bench-')));
    const taken = new Set<number>();
    const port = () => freePort(LOOPBACK, [], taken);
    const ports = {
      mongod: await port(),
      temporal: await port(),
      metrics: await port(),
      webUI: await port(),
      api: await port(),
      inspector: await port(),
    };
    const adminToken = mintToken('rca').text;
    await writeFile(home.adminTokenFile, adminToken, { mode: 0o600 });
    const cluster = new BenchCluster(home, ports.api, adminToken, ports, new Map());
    onBegin(cluster);
    try {
      await cluster.#run(
        { name: 'mongod', command: await findBinary(MONGOD), args: mongodArguments(home, ports.mongod) },
        () => becomePrimary(`${LOOPBACK}:${ports.mongod}`),
      );
      if (!recordOnly) {
        const temporal = temporalServer(
          home,
          await findBinary(TEMPORAL),
          { grpc: ports.temporal, webUI: ports.webUI },
          'default',
        );
        await cluster.#run({ ...temporal, args: [...temporal.args, '--metrics-port', String(ports.metrics)] }, () =>
          knowsNamespace(`http://${LOOPBACK}:${ports.webUI}`, 'default'),
        );
      }
      const given = {
        ...FLEET_OF_ONE_ADDRESS,
        'Orchestrator.Name': 'node-0',
        'Orchestrator.API.Port': String(ports.api),
        'Orchestrator.MongoDB.URI': mongodUri(ports.mongod),
        'Orchestrator.Temporal.Address': `${LOOPBACK}:${ports.temporal}`,
        'Orchestrator.Auth.AdminTokenFile': home.adminTokenFile,
        ...settings,
      };
      const args = Object.entries(given).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
      const access = new ApiAccess(cluster.url, adminToken);
      if (!recordOnly)
        await cluster.#run(
          { name: 'worker', command: process.execPath, args: [program('src/worker.main.js'), ...args] },
          () => Promise.resolve(true),
        );
      await cluster.#run(
        {
          name: 'api',
          command: process.execPath,
          args: [`--inspect-port=${LOOPBACK}:${ports.inspector}`, program('src/api.main.js'), ...args],
        },
        async () => (recordOnly || (await access.isReady())) && access.knowsAdministrator(),
      );
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** Pids by component: api, worker, temporal, mongod. */
  get pids(): Record<string, number> {
    return Object.fromEntries([...this.running].flatMap(([name, { pid }]) => (pid === undefined ? [] : [[name, pid]])));
  }

  /** The api's live heap in bytes. */
  apiHeap(): Promise<number> {
    return liveHeap(this.pids['api'] ?? 0, this.ports.inspector);
  }

  get db(): mongo.Db {
    return this.#mongo.db();
  }

  get workflows(): WorkflowClient {
    this.#temporal ??= Connection.lazy({ address: `${LOOPBACK}:${this.ports.temporal}` });
    return new WorkflowClient({ connection: this.#temporal });
  }

  get temporalMetrics(): TemporalMetrics {
    return new TemporalMetrics(`http://${LOOPBACK}:${this.ports.metrics}/metrics`);
  }

  /** As the administrator. @throws Error if the answer is not 2xx */
  async ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.request(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }

  /** As the administrator; returns any answer. */
  request(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = {
      authorization: `Bearer ${this.adminToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    return fetch(this.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }

  /** A token with which this many nodes can join, approved. */
  async joinToken(maxUses: number, autoApprove = true): Promise<string> {
    const { token } = await this.ask<{ token: string }>('POST', '/v1/join-tokens', {
      maxUses,
      expiresIn: '24h',
      autoApprove,
      labels: {},
      description: 'bench',
    });
    return token;
  }

  /** Environment that gives `rollcall` access. */
  get cliEnvironment(): NodeJS.ProcessEnv {
    return { ...process.env, ROLLCALL_SERVER: this.url, ROLLCALL_TOKEN: this.adminToken };
  }

  /** Number of nodes with this prefix that were HEALTHY when last projected. */
  healthy(prefix: string): Promise<number> {
    return this.db
      .collection('nodes')
      .countDocuments({ living: true, liveness: 'HEALTHY', name: { $gte: prefix, $lt: `${prefix}\uffff` } });
  }

  /** Kills its processes, since none of their data is kept, and removes its home (unless KEEP is set, for its logs). */
  async stop(): Promise<void> {
    await Promise.all([this.#mongo.close(), this.#temporal?.close()]);
    this.kill();
    await Promise.all([...this.running.values()].map((one) => one.exited));
    if (process.env['KEEP'] === undefined) await rm(this.home.path, { recursive: true, force: true });
  }

  /** Kills the cluster's processes when this process ends for any reason. */
  kill(): void {
    for (const one of this.running.values()) one.kill();
  }

  async #run(spec: Omit<ProcessSpec, 'stopWithinMs'>, isUp: () => Promise<boolean>): Promise<void> {
    const { name } = spec;
    const started = new ManagedProcess(this.home, { ...spec, stopWithinMs: 0 });
    this.running.set(name, started);
    await becomes(`${name} is up`, UP_WITHIN_MS, async () => {
      if (started.gone) throw new Error(`${name} ${explainExit(await started.exited)}`);
      return isUp().catch(() => false);
    });
  }
}
