import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection, WorkflowClient, type WorkflowHandle } from '@temporalio/client';
import { mongo } from 'mongoose';
import { LIFECYCLE_QUERY, lifecycleWorkflowId, type LifecycleView } from '../../../contract/lifecycle.js';
import { processIdentity } from '../../../contract/process/process-identity.js';
import type { Checked } from '../../e2e/chaos/checked.js';
import { LocalCluster } from './local-cluster.js';
import { removeFolder } from '../remove-folder.js';

const ANSWERS_WITHIN_MS = 2_000;

/** A home with Rollcall's own supervisor: a test may kill each process by its name, and query the servers behind the api. */
export abstract class SupervisedHome implements Checked {
  readonly home: { path: string };
  readonly agents: ReadonlyMap<string, { kill(): Promise<void> }>;
  url = '';
  token = '';
  #supervisor: LocalCluster | undefined;
  #mongo: mongo.MongoClient | undefined;
  #connection: Connection | undefined;

  protected constructor(
    path: string,
    protected readonly names: readonly string[],
  ) {
    this.home = { path };
    this.agents = new Map(names.map((name) => [name, { kill: () => this.#killAgent(name) }]));
  }

  /** A folder with this configuration only. */
  protected static async folder(config: Record<string, unknown>): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'rollcall-supervised-'));
    await writeFile(join(path, 'config.yaml'), JSON.stringify(config));
    return path;
  }

  protected get supervisor(): LocalCluster {
    if (!this.#supervisor) throw new Error('no supervisor was started yet');
    return this.#supervisor;
  }

  /** Starts another supervisor, and waits until the agents are HEALTHY. */
  protected async supervise(supervisor: LocalCluster, withinMs?: number): Promise<void> {
    this.#supervisor = supervisor;
    await supervisor.says(`${this.names.join(', ')}: HEALTHY`, withinMs);
    ({ server: this.url, token: this.token } = await supervisor.context());
  }

  /** Connects `db` and `lifecycle`, and closes earlier connections. */
  protected async connect(mongodbUri: string, temporalAddress: string): Promise<void> {
    await this.#disconnect();
    this.#mongo = await new mongo.MongoClient(mongodbUri, {
      readPreference: 'primary',
      readConcern: { level: 'majority' },
    }).connect();
    this.#connection = Connection.lazy({ address: temporalAddress });
  }

  get db(): mongo.Db {
    return this.mongo.db();
  }

  protected get mongo(): mongo.MongoClient {
    if (!this.#mongo) throw new Error('its MongoDB is not connected yet');
    return this.#mongo;
  }

  workflow(name: string): WorkflowHandle {
    return new WorkflowClient({ connection: this.#temporal }).getHandle(lifecycleWorkflowId(name));
  }

  async lifecycle(name: string, _withinMs = 0, answersWithinMs = ANSWERS_WITHIN_MS): Promise<LifecycleView> {
    const workflow = this.workflow(name);
    return this.#temporal.withDeadline(Date.now() + answersWithinMs, () =>
      workflow.query<LifecycleView>(LIFECYCLE_QUERY),
    );
  }

  get #temporal(): Connection {
    if (!this.#connection) throw new Error('its Temporal is not connected yet');
    return this.#connection;
  }

  pid(name: string): Promise<number> {
    return this.supervisor.pid(name);
  }

  /** kill -9, or another signal; does not wait for the consequences. @returns the process id */
  protected async signalKill(name: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<number> {
    const pid = await this.pid(name);
    if (processIdentity(pid) !== undefined) process.kill(pid, signal);
    return pid;
  }

  /** Ends it like Ctrl-C does, and removes its home (unless KEEP is set, to keep its logs). */
  async end(): Promise<void> {
    await this.#disconnect();
    await this.#supervisor?.interrupt();
    if (process.env['KEEP'] === undefined) await removeFolder(this.home.path);
  }

  async #disconnect(): Promise<void> {
    await Promise.all([this.#mongo?.close(), this.#connection?.close()]);
  }

  async #killAgent(name: string): Promise<void> {
    const pid = await this.signalKill(`agent-${name}`);
    while (processIdentity(pid) !== undefined) await pause(20);
  }
}
