import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection, WorkflowClient } from '@temporalio/client';
import { mongo } from 'mongoose';
import { LIFECYCLE_QUERY, lifecycleWorkflowId, type LifecycleView } from '../../../contract/lifecycle.js';
import { processIdentity } from '../../../contract/process/process-identity.js';
import { mongodUri } from '../../../embedded/run-mongod.js';
import {
  DISCONNECT_TIMEOUT_MS,
  HEARTBEAT_INTERVAL_MS,
  UNKNOWN_TIMEOUT_MS,
} from '../../support/cluster/fault-cluster.js';
import { LocalCluster, until } from '../../support/cluster/local-cluster.js';
import type { Checked } from './promises.js';

export const AGENTS = ['node-1', 'node-2', 'node-3'] as const;
/** What its supervisor starts again when it dies. */
export const KEPT = ['mongod', 'temporal', 'worker', 'api'] as const;
export type Kept = (typeof KEPT)[number];
const COMPONENTS = [...KEPT, ...AGENTS.map((name) => `agent-${name}`)];
const ANSWERS_WITHIN_MS = 2_000;
const STARTED_WITHIN_MS = 120_000;

/** What `npm start` runs, its supervisor at the mercy of a test. */
export class SupervisedCluster implements Checked {
  readonly agents = new Map(AGENTS.map((name) => [name as string, { kill: () => this.#killAgent(name) }]));
  readonly home: { path: string };
  /** All processes that ever ran for this home, its supervisors excepted. */
  readonly #pids = new Set<number>();
  #supervisor: LocalCluster;
  #url = '';
  #token = '';
  #mongo: mongo.MongoClient | undefined;
  #connection: Connection | undefined;

  private constructor(path: string) {
    this.home = { path };
    this.#supervisor = new LocalCluster(path);
  }

  /** A cluster whose agents are HEALTHY. */
  static async start(): Promise<SupervisedCluster> {
    const path = await mkdtemp(join(tmpdir(), 'rollcall-supervised-'));
    const config = {
      Compute: { Heartbeat: { Interval: `${HEARTBEAT_INTERVAL_MS}ms` } },
      Orchestrator: {
        NodeManager: {
          DisconnectTimeout: `${DISCONNECT_TIMEOUT_MS}ms`,
          UnknownTimeout: `${UNKNOWN_TIMEOUT_MS}ms`,
        },
      },
    };
    await writeFile(join(path, 'config.yaml'), JSON.stringify(config));
    const cluster = new SupervisedCluster(path);
    try {
      await cluster.#started();
    } catch (error) {
      await cluster.end();
      throw error;
    }
    return cluster;
  }

  get url(): string {
    return this.#url;
  }

  get token(): string {
    return this.#token;
  }

  get db(): mongo.Db {
    if (!this.#mongo) throw new Error('open() comes first');
    return this.#mongo.db();
  }

  /** Ends the supervisor by this signal, and starts another over what it left. @returns its exit code, null where it was killed */
  async replaceSupervisor(signal: 'SIGKILL' | 'SIGTERM', meanwhile: () => Promise<void>): Promise<number | null> {
    this.#supervisor.signal(signal);
    const code = await this.#supervisor.exit;
    await meanwhile();
    this.#supervisor = new LocalCluster(this.home.path);
    await this.#started();
    return code;
  }

  /** The supervisor stands still during this. */
  async withoutSupervisor(meanwhile: () => Promise<void>): Promise<void> {
    this.#supervisor.signal('SIGSTOP');
    try {
      await meanwhile();
    } finally {
      this.#supervisor.signal('SIGCONT');
    }
  }

  /** kill -9; does not wait for what comes of it. @returns the process id */
  async kill(component: string): Promise<number> {
    const pid = await this.#supervisor.pid(component);
    if (processIdentity(pid) !== undefined) process.kill(pid, 'SIGKILL');
    return pid;
  }

  /** Until another process than that does its work, and all of the cluster answers. */
  async recovered(component: Kept, killed: number): Promise<void> {
    const isBack = async () => (await this.#supervisor.pid(component)) !== killed && (await this.#supervisor.isReady());
    await until(() => isBack().catch(() => false), `${component} runs again`, STARTED_WITHIN_MS);
    await this.#note();
  }

  /** From now on `db` and `lifecycle` can be asked: where the servers are may change from start to start. */
  async open(): Promise<void> {
    const ports = JSON.parse(await readFile(join(this.home.path, 'state', 'ports.json'), 'utf8')) as {
      mongod: number;
      temporal: number;
    };
    this.#mongo = await new mongo.MongoClient(mongodUri(ports.mongod), {
      readPreference: 'primary',
      readConcern: { level: 'majority' },
    }).connect();
    this.#connection = await Connection.connect({ address: `127.0.0.1:${ports.temporal}` });
  }

  async lifecycle(name: string): Promise<LifecycleView> {
    const connection = this.#connection;
    if (!connection) throw new Error('open() comes first');
    const workflow = new WorkflowClient({ connection }).getHandle(lifecycleWorkflowId(name));
    return connection.withDeadline(Date.now() + ANSWERS_WITHIN_MS, () =>
      workflow.query<LifecycleView>(LIFECYCLE_QUERY),
    );
  }

  /** Ends it as Ctrl-C does, and removes its home. @returns processes of it that are still there, which are killed */
  async end(): Promise<number[]> {
    await Promise.all([this.#mongo?.close(), this.#connection?.close()]);
    await this.#supervisor.interrupt();
    const left = [...this.#pids].filter((pid) => processIdentity(pid) !== undefined);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    await rm(this.home.path, { recursive: true, force: true });
    return left;
  }

  /** Until its agents are HEALTHY. */
  async #started(): Promise<void> {
    await this.#supervisor.says(`${AGENTS.join(', ')}: HEALTHY`);
    const context = JSON.parse(await readFile(join(this.home.path, 'context.json'), 'utf8')) as {
      server: string;
      token: string;
    };
    [this.#url, this.#token] = [context.server, context.token];
    await this.#note();
  }

  async #note(): Promise<void> {
    for (const component of COMPONENTS) {
      const pid = await this.#supervisor.pid(component).catch(() => undefined);
      if (pid !== undefined) this.#pids.add(pid);
    }
  }

  async #killAgent(name: string): Promise<void> {
    const pid = await this.kill(`agent-${name}`);
    while (processIdentity(pid) !== undefined) await pause(20);
  }
}
