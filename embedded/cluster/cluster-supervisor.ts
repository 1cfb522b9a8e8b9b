import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setDefaultCACertificates } from 'node:tls';
import { parse, stringify } from 'yaml';
import { readAuthorities } from '../../contract/config/authority-file.js';
import { Agents } from '../agents.js';
import { ApiAccess } from '../api-access.js';
import { HomeSupervisor } from '../home-supervisor.js';
import type { Home } from '../home.js';
import { KeptProcess } from '../kept-process.js';
import { listens } from '../free-port.js';
import type { ProcessSpec } from '../managed-process.js';
import type { Progress } from '../progress.js';
import { StartupError } from '../startup-error.js';
import { writePrivate } from '../write-private.js';
import { clusterAnnouncement } from './cluster-announcement.js';
import { ClusterParts, MEMBERS } from './cluster-parts.js';
import { findClusterPrograms } from './cluster-programs.js';
import { readCompose } from './compose.js';
import { Network } from './network.js';
import type { ClusterOptions } from './options.js';
import { postgresSpec } from './postgres.js';

const UP_WITHIN_MS = 120_000;

/** Files of an earlier start in a home, besides logs and config.yaml. */
const STATE = ['secrets', 'mongo', 'postgres', 'agents', 'context.json', 'state/network.json'];

/**
 * Runs what docker-compose.yml describes: each service as a process of this machine, each `docker/` script as the step that an operator takes.
 * Processes that die are restarted, as by Docker; one that lives but does not answer is left alone, as by Docker.
 */
export class ClusterSupervisor extends HomeSupervisor {
  constructor(
    home: Home,
    private readonly options: ClusterOptions,
    progress: Progress,
    private readonly out: (text: string) => void,
  ) {
    super(home, progress);
  }

  protected async bringUp(): Promise<void> {
    if (await this.home.has(join(this.home.state, 'ports.json')))
      throw new StartupError(`${this.home.path} is a home of npm start: take another with --home DIR.`);
    const compose = await readCompose();
    const programs = await findClusterPrograms(this.progress, this.signal);
    if (this.options.fresh) await this.#forget();
    const network = await Network.of(this.home, compose);
    const parts = new ClusterParts(this.home, network, compose, programs, this.signal);
    await parts.makeSecrets();

    await this.progress.during('starting MongoDB and PostgreSQL', async () => {
      const members = await Promise.all(MEMBERS.map((name) => parts.mongod(name)));
      const postgres = await postgresSpec(
        this.home,
        programs.postgresBin,
        parts.container('postgres'),
        network.address('postgres'),
      );
      await this.#startAll([...members, postgres], network);
    });
    await this.progress.during('making the replica set and its users', () =>
      parts.script('mongosh', 'mongodb-init.js'),
    );
    await this.progress.during("making Temporal's databases", () => parts.script('sh', 'temporal-schema.sh'));
    await this.progress.during('starting Temporal, and making its namespace', async () => {
      await this.#startAll([parts.temporal()], network);
      await parts.script('sh', 'temporal-namespace.sh');
    });

    const tokenFile = join(this.home.secrets, 'admin-token');
    const token = (await readFile(tokenFile, 'utf8')).trim();
    const config = await this.#configFile();
    await this.progress.during('starting workers, apis and the proxy', async () => {
      await this.#startAll(
        network.of('worker').map((name) => parts.ours(name, config)),
        network,
      );
      const apis = network.of('api');
      const processes = this.#run(apis.map((name) => parts.ours(name, config)));
      await Promise.all(
        processes.map((process, index) => {
          const api = new ApiAccess(`http://${network.at(apis[index] as string)}`, token);
          const isReady = async () => (await api.isReady()) && (await api.knowsAdministrator());
          return process.up(isReady, UP_WITHIN_MS, this.signal, () => api.whatIsMissing());
        }),
      );
      await this.#startAll([parts.proxy()], network);
    });

    const authority = join(this.home.secrets, 'ca.crt');
    setDefaultCACertificates(readAuthorities(authority));
    const agent = parts.container('agent').environment;
    const api = new ApiAccess(agent['COMPUTE__ORCHESTRATORS'] as string, token);
    const context = { server: api.url, token, caFile: authority };
    await writePrivate(this.home.contextFile, `${JSON.stringify(context, null, 2)}\n`);
    const agents = await Agents.start(this.home, api, {
      count: this.options.agents,
      clusterConfig: await agentsConfig(config, agent['COMPUTE__TLS__CAFILE'] as string),
      joinToken: (await readFile(agent['COMPUTE__AUTH__TOKEN_FILE'] as string, 'utf8')).trim(),
      say: (line) => this.out(`${line}\n`),
    });
    this.add(agents);
    this.out(clusterAnnouncement(this.home, network, { url: api.url, authority, tokenFile }));
    await agents.settle(this.signal);
  }

  async #forget(): Promise<void> {
    for (const name of STATE) await rm(join(this.home.path, name), { recursive: true, force: true });
    await Promise.all(
      [this.home.secrets, this.home.mongo, join(this.home.path, 'agents')].map((folder) =>
        mkdir(folder, { mode: 0o700 }),
      ),
    );
  }

  async #configFile(): Promise<string | undefined> {
    return this.options.config ?? ((await this.home.has(this.home.configFile)) ? this.home.configFile : undefined);
  }

  #run(specs: ProcessSpec[]): KeptProcess[] {
    const processes = specs.map((spec) => new KeptProcess(this.home, spec, this.listener));
    this.add(...processes);
    return processes;
  }

  /** Starts them together, and waits until each accepts connections. */
  async #startAll(specs: ProcessSpec[], network: Network): Promise<void> {
    const processes = this.#run(specs);
    await Promise.all(
      processes.map((process, index) => {
        const [host = '', port] = network.at((specs[index] as ProcessSpec).name).split(':');
        return process.up(() => listens(host, Number(port)), UP_WITHIN_MS, this.signal);
      }),
    );
  }
}

/** Configuration of the agents: the home's, and the certificate authorities to trust. */
async function agentsConfig(file: string | undefined, authority: string): Promise<string> {
  const { Compute } = (file === undefined ? {} : (parse(await readFile(file, 'utf8')) ?? {})) as {
    Compute?: Record<string, unknown> | null;
  };
  return stringify({ Compute: { ...Compute, TLS: { CAFile: authority } } });
}
