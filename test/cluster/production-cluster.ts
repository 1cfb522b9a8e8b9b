import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { setDefaultCACertificates } from 'node:tls';
import { Connection, WorkflowClient } from '@temporalio/client';
import { mongo } from 'mongoose';
import { createClient, type Client } from '../../client/client/index.js';
import { readAuthorities } from '../../contract/config/authority-file.js';
import { LIFECYCLE_QUERY, lifecycleWorkflowId, type LifecycleView } from '../../contract/lifecycle.js';
import { processIdentity } from '../../contract/process/process-identity.js';
import type { Checked } from '../e2e/chaos/promises.js';
import { LocalCluster, until } from '../support/cluster/local-cluster.js';

const ANSWERS_WITHIN_MS = 2_000;
const STARTED_WITHIN_MS = 240_000;

/** What `npm run cluster` runs. Its supervisor starts again what is killed, and leaves alone what is paused. */
export class ProductionCluster implements Checked {
  readonly agents: ReadonlyMap<string, { kill(): Promise<void> }>;
  readonly home: { path: string };
  /** Each process that a test may end, as its supervisor names it. */
  addresses: Record<string, string> = {};
  url = '';
  token = '';
  /** Speaks as the administrator, through the proxy. */
  admin!: Client;
  #supervisor!: LocalCluster;
  #mongo!: mongo.MongoClient;
  #connection!: Connection;

  private constructor(
    path: string,
    private readonly names: readonly string[],
  ) {
    this.home = { path };
    this.agents = new Map(names.map((name) => [name, { kill: () => this.#killAgent(name) }]));
  }

  /** A cluster with these settings, whose agents are HEALTHY. */
  static async start(agents: number, config: Record<string, unknown>): Promise<ProductionCluster> {
    const path = await mkdtemp(join(tmpdir(), 'rollcall-production-'));
    await writeFile(join(path, 'config.yaml'), JSON.stringify(config));
    const cluster = new ProductionCluster(
      path,
      Array.from({ length: agents }, (_, index) => `node-${index + 1}`),
    );
    try {
      await cluster.startSupervisor();
      await cluster.#open();
    } catch (error) {
      await cluster.end();
      throw error;
    }
    return cluster;
  }

  get caFile(): string {
    return join(this.home.path, 'secrets', 'ca.crt');
  }

  get db(): mongo.Db {
    return this.#mongo.db();
  }

  async startSupervisor(...args: string[]): Promise<void> {
    const all = ['--agents', String(this.names.length), ...args];
    this.#supervisor = new LocalCluster(this.home.path, all, join('cluster', 'main.js'));
    await this.#supervisor.says(`${this.names.join(', ')}: HEALTHY`, STARTED_WITHIN_MS);
  }

  /** Ctrl-C. @returns its exit code */
  interrupt(): Promise<number | null> {
    return this.#supervisor.interrupt();
  }

  pid(name: string): Promise<number> {
    return this.#supervisor.pid(name);
  }

  /** kill -9; returns when another process of that name runs. */
  async kill(name: string): Promise<void> {
    const killed = await this.pid(name);
    process.kill(killed, 'SIGKILL');
    await until(async () => (await this.pid(name).catch(() => killed)) !== killed, `${name} runs again`);
  }

  /** It lives and does nothing. @returns what wakes it */
  async freeze(name: string): Promise<() => void> {
    const pid = await this.pid(name);
    process.kill(pid, 'SIGSTOP');
    return () => process.kill(pid, 'SIGCONT');
  }

  /** The member that takes writes now. */
  async primary(): Promise<string> {
    const { primary } = await this.#mongo.db('admin').command({ hello: 1 });
    const [name] =
      Object.entries(this.addresses).find(([, address]) => (primary as string).startsWith(`${address}:`)) ?? [];
    if (name === undefined) throw new Error(`${primary} is none of ours`);
    return name;
  }

  lifecycle(name: string): Promise<LifecycleView> {
    const workflow = new WorkflowClient({ connection: this.#connection }).getHandle(lifecycleWorkflowId(name));
    return this.#connection.withDeadline(Date.now() + ANSWERS_WITHIN_MS, () =>
      workflow.query<LifecycleView>(LIFECYCLE_QUERY),
    );
  }

  /** Ends it as Ctrl-C does, and removes its home (unless KEEP is set, for whoever wants to read its logs). */
  async end(): Promise<void> {
    await Promise.all([this.#mongo?.close(), this.#connection?.close()]);
    await this.#supervisor.interrupt();
    if (process.env['KEEP'] === undefined) await rm(this.home.path, { recursive: true, force: true });
  }

  /** All that a process has logged. */
  log(name: string): Promise<string> {
    return readFile(join(this.home.path, 'logs', `${name}.log`), 'utf8');
  }

  /** Asks MongoDB as nobody. @throws what it answers */
  async withoutPassword(): Promise<void> {
    const client = new mongo.MongoClient(`mongodb://${this.addresses['mongodb-1']}:27017/?directConnection=true`);
    try {
      await client.db('rollcall').collection('nodes').findOne({});
    } finally {
      await client.close();
    }
  }

  /** After a start that forgot what was: another authority, another token, other addresses. */
  async reopen(): Promise<void> {
    await Promise.all([this.#mongo.close(), this.#connection.close()]);
    await this.#open();
  }

  async #open(): Promise<void> {
    const read = async (file: string) => readFile(join(this.home.path, file), 'utf8');
    setDefaultCACertificates(readAuthorities(this.caFile));
    const context = JSON.parse(await read('context.json')) as { server: string; token: string };
    [this.url, this.token] = [context.server, context.token];
    this.admin = createClient({ baseUrl: this.url, auth: this.token });
    ({ addresses: this.addresses } = JSON.parse(await read('state/network.json')) as Pick<
      ProductionCluster,
      'addresses'
    >);
    this.#mongo = await new mongo.MongoClient((await read('secrets/mongodb-uri')).trim(), {
      readPreference: 'primary',
      readConcern: { level: 'majority' },
    }).connect();
    this.#connection = Connection.lazy({ address: `${this.addresses['temporal']}:7233` });
  }

  async #killAgent(name: string): Promise<void> {
    const pid = await this.pid(`agent-${name}`);
    process.kill(pid, 'SIGKILL');
    while (processIdentity(pid) !== undefined) await pause(20);
  }
}
