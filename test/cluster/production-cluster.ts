import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setDefaultCACertificates } from 'node:tls';
import { mongo } from 'mongoose';
import { createClient, type Client } from '../../client/client/index.js';
import { INSTALLATION } from '../../embedded/installation.js';
import { readAuthorities } from '../../contract/config/authority-file.js';
import { LocalCluster, until } from '../support/cluster/local-cluster.js';
import { SupervisedHome } from '../support/cluster/supervised-home.js';

const STARTED_WITHIN_MS = 240_000;

/** Runs `npm run cluster`. Its supervisor restarts what is killed, and leaves alone what is paused. */
export class ProductionCluster extends SupervisedHome {
  /** Names of the processes that a test may end. */
  addresses: Record<string, string> = {};
  /** Sends requests as the administrator, through the proxy. */
  admin!: Client;

  private installation = INSTALLATION;

  /**
   * A cluster with these settings and HEALTHY agents.
   * @param installation folder of the build that it runs
   */
  static async start(
    agents: number,
    config: Record<string, unknown>,
    installation = INSTALLATION,
  ): Promise<ProductionCluster> {
    const cluster = new ProductionCluster(
      await SupervisedHome.folder(config),
      Array.from({ length: agents }, (_, index) => `node-${index + 1}`),
    );
    cluster.installation = installation;
    try {
      await cluster.startSupervisor();
      await cluster.open();
    } catch (error) {
      await cluster.end();
      throw error;
    }
    return cluster;
  }

  get caFile(): string {
    return join(this.home.path, 'secrets', 'ca.crt');
  }

  startSupervisor(...args: string[]): Promise<void> {
    const all = ['--agents', String(this.names.length), ...args];
    const supervisor = new LocalCluster(this.home.path, all, join('cluster', 'main.js'), this.installation);
    return this.supervise(supervisor, STARTED_WITHIN_MS);
  }

  /** Ctrl-C. @returns its exit code */
  interrupt(): Promise<number | null> {
    return this.supervisor.interrupt();
  }

  /** kill -9, or another signal; resolves when another process of that name runs. */
  async kill(name: string, signal?: NodeJS.Signals): Promise<void> {
    const killed = await this.signalKill(name, signal);
    await until(async () => (await this.pid(name).catch(() => killed)) !== killed, `${name} runs again`);
  }

  /** SIGSTOP. @returns continues it */
  async freeze(name: string): Promise<() => void> {
    const pid = await this.pid(name);
    process.kill(pid, 'SIGSTOP');
    return () => process.kill(pid, 'SIGCONT');
  }

  /** The member that accepts writes now. */
  async primary(): Promise<string> {
    const { primary } = await this.mongo.db('admin').command({ hello: 1 });
    const [name] =
      Object.entries(this.addresses).find(([, address]) => (primary as string).startsWith(`${address}:`)) ?? [];
    if (name === undefined) throw new Error(`${primary} is none of ours`);
    return name;
  }

  /** A process's log. */
  log(name: string): Promise<string> {
    return readFile(join(this.home.path, 'logs', `${name}.log`), 'utf8');
  }

  /** Queries MongoDB without credentials. @throws its refusal */
  async withoutPassword(): Promise<void> {
    const client = new mongo.MongoClient(`mongodb://${this.addresses['mongodb-1']}:27017/?directConnection=true`);
    try {
      await client.db('rollcall').collection('nodes').findOne({});
    } finally {
      await client.close();
    }
  }

  /** Call after a start that may have deleted the earlier state: authority, token and addresses may be new. */
  async open(): Promise<void> {
    const read = async (file: string) => readFile(join(this.home.path, file), 'utf8');
    setDefaultCACertificates(readAuthorities(this.caFile));
    this.admin = createClient({ baseUrl: this.url, auth: this.token });
    ({ addresses: this.addresses } = JSON.parse(await read('state/network.json')) as Pick<
      ProductionCluster,
      'addresses'
    >);
    await this.connect((await read('secrets/mongodb-uri')).trim(), `${this.addresses['temporal']}:7233`);
  }
}
