import { STOP_WITHIN_MS } from '../contract/process/stop-in-time.js';
import { adminToken } from './admin-token.js';
import { Agents } from './agents.js';
import { announcement } from './announce.js';
import { ApiAccess } from './api-access.js';
import { apiPort, apiUrl } from './api-address.js';
import { readClusterConfig, type ClusterConfig } from './cluster-config.js';
import type { Home } from './home.js';
import { program } from './installation.js';
import { HomeSupervisor } from './home-supervisor.js';
import { KeptProcess, watchFor, type HealthWatch } from './kept-process.js';
import type { StartOptions } from './options.js';
import type { Progress } from './progress.js';
import { startServers, type Servers } from './servers.js';
import { writePrivate } from './write-private.js';

const API_UP_WITHIN_MS = 45_000;
const TOKEN_STORED_WITHIN_MS = 20_000;
/** The api and the worker stop within this time, in milliseconds. */
const KILL_AFTER_MS = STOP_WITHIN_MS + 2_000;

/** Runs the cluster of `npm start`: the servers of one machine, an api, a worker and some agents. */
export class Supervisor extends HomeSupervisor {
  constructor(
    home: Home,
    private readonly options: StartOptions,
    progress: Progress,
    private readonly out: (text: string) => void,
  ) {
    super(home, progress);
  }

  protected async bringUp(): Promise<void> {
    const { signal } = this;
    const clusterConfig = await readClusterConfig(this.home, this.options);
    const { config } = clusterConfig;
    const port = await apiPort(this.home, config);
    const tokenFile = config.Orchestrator.Auth.AdminTokenFile ?? this.home.adminTokenFile;
    const { token, isNew } = await adminToken(tokenFile);
    const api = new ApiAccess(apiUrl(config.Orchestrator.API.Host, port), token);

    const servers = await startServers(this.home, config, this.progress, this.listener, signal);
    if (servers.mongod) this.add(servers.mongod.process);
    if (servers.temporal) this.add(servers.temporal.process);

    const args = this.#arguments(clusterConfig, port, tokenFile, servers);
    this.#run('worker', 'src/worker.main.js', args, (worker) => worker.answers()).assumeUp();
    const apiProcess = this.#run('api', 'src/api.main.js', args, () => api.isAlive());
    await this.progress.during('starting api and worker', async () => {
      await apiProcess.up(
        () => api.isReady(),
        API_UP_WITHIN_MS,
        signal,
        () => api.whatIsMissing(),
      );
      await apiProcess.up(
        () => api.knowsAdministrator(),
        TOKEN_STORED_WITHIN_MS,
        signal,
        () => Promise.resolve(refusedToken(tokenFile)),
      );
    });
    await writePrivate(this.home.contextFile, `${JSON.stringify({ server: api.url, token }, null, 2)}\n`);

    const agents = await Agents.start(this.home, api, {
      count: this.options.agents,
      clusterConfig: clusterConfig.text,
      joinToken: config.Compute.Auth.Token,
      say: (line) => this.out(`${line}\n`),
    });
    this.add(agents);
    const temporalWebUI = servers.temporal?.webUI ?? config.Orchestrator.Temporal.WebUI;
    this.out(announcement(this.home, { api: api.url, temporalWebUI }, ...(isNew ? [{ token, file: tokenFile }] : [])));
    await agents.settle(signal);
  }

  /** Configuration of api and worker: config.yaml, and settings that are only known at this start. */
  #arguments({ config, path }: ClusterConfig, port: number, tokenFile: string, servers: Servers): string[] {
    const settings = {
      'Orchestrator.API.Port': String(port),
      'Orchestrator.Name': config.Orchestrator.Name ?? 'node-0',
      'Orchestrator.Auth.AdminTokenFile': tokenFile,
      ...(servers.mongod ? { 'Orchestrator.MongoDB.URI': servers.mongod.uri } : {}),
      ...(servers.temporal
        ? {
            'Orchestrator.Temporal.Address': servers.temporal.address,
            'Orchestrator.Temporal.WebUI': servers.temporal.webUI,
          }
        : {}),
    };
    return [
      ...(path === undefined ? [] : ['--config', path]),
      ...Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
    ];
  }

  #run(name: string, main: string, args: string[], answers: HealthWatch['answers']): KeptProcess {
    const spec = {
      name,
      command: process.execPath,
      args: [program(main), ...args],
      stopWithinMs: KILL_AFTER_MS,
      hasChannel: true,
    };
    const kept = new KeptProcess(this.home, spec, this.listener, watchFor(answers));
    this.add(kept);
    return kept;
  }
}

function refusedToken(file: string): string {
  return `The api does not take the administrator's token in ${file}: it was revoked, or the file was changed. Put a token that works into it, or remove it for a new one.`;
}
