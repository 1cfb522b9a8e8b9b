import { STOP_WITHIN_MS } from '../contract/process/stop-in-time.js';
import { adminToken } from './admin-token.js';
import { Agents } from './agents.js';
import { announcement } from './announce.js';
import { ApiAccess } from './api-access.js';
import { apiPort, apiUrl } from './api-address.js';
import { readClusterConfig, type ClusterConfig } from './cluster-config.js';
import type { Home } from './home.js';
import { program } from './installation.js';
import { KeptProcess, watchFor, type HealthWatch, type KeeperListener } from './kept-process.js';
import { explainExit } from './managed-process.js';
import type { StartOptions } from './options.js';
import type { Progress } from './progress.js';
import { startServers, type Servers } from './servers.js';
import { StartupError } from './startup-error.js';
import { writePrivate } from './write-private.js';

const API_UP_WITHIN_MS = 45_000;
const TOKEN_STORED_WITHIN_MS = 20_000;
/** The api and the worker end themselves by then. */
const KILL_AFTER_MS = STOP_WITHIN_MS + 2_000;

interface Stoppable {
  stop(): Promise<void>;
  kill(): void;
}

/** Runs all of a home's processes and stops them in the order in which they depend on each other. */
export class Supervisor {
  /** Settles when a process is lost for good; never otherwise. */
  readonly lost: Promise<StartupError>;
  readonly #listener: KeeperListener;
  /** In the order of their start; what is in one group stops together. */
  readonly #groups: Stoppable[][] = [];
  readonly #stopping = new AbortController();
  #isFull = false;
  #starting: Promise<void> | undefined;

  constructor(
    private readonly home: Home,
    private readonly options: StartOptions,
    private readonly progress: Progress,
    private readonly out: (text: string) => void,
  ) {
    let lose: (failure: StartupError) => void;
    this.lost = new Promise((resolve) => (lose = resolve));
    this.#listener = {
      restarting: (name, exit, inMs) =>
        void this.#tellRestart(`${name} ${explainExit(exit)}; starting it again in ${inMs / 1_000} s`),
      unresponsive: (name, forMs) =>
        progress.say(`${name} has not answered for ${Math.round(forMs / 1_000)} s; ending it and starting it again`),
      lost: (failure) => lose(failure),
    };
  }

  /**
   * Starts everything and says where it is.
   * @throws StartupError, ServerNotFound, ConfigError; what has been started by then is stopped by `stop()`
   */
  start(): Promise<void> {
    this.#starting = this.#start();
    return this.#starting;
  }

  /** Stops whatever runs, the last started first, each within its time. Ends a start that is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // What it still had in hand when it was told is on the list, or stopped, once it has ended.
    await this.#starting?.catch(() => undefined);
    for (const group of this.#groups.toReversed()) await Promise.all(group.map((process) => process.stop()));
  }

  kill(): void {
    this.#stopping.abort();
    for (const process of this.#groups.flat()) process.kill();
  }

  async #start(): Promise<void> {
    const signal = this.#stopping.signal;
    const clusterConfig = await readClusterConfig(this.home, this.options);
    const { config } = clusterConfig;
    const port = await apiPort(this.home, config);
    const tokenFile = config.Orchestrator.Auth.AdminTokenFile ?? this.home.adminTokenFile;
    const { token, isNew } = await adminToken(tokenFile);
    const api = new ApiAccess(apiUrl(config.Orchestrator.API.Host, port), token);

    const servers = await startServers(this.home, config, this.progress, this.#listener, signal);
    if (servers.mongod) this.#groups.push([servers.mongod.process]);
    if (servers.temporal) this.#groups.push([servers.temporal.process]);

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
    this.#groups.push([agents]);
    const temporalWebUI = servers.temporal?.webUI ?? config.Orchestrator.Temporal.WebUI;
    this.out(announcement(this.home, { api: api.url, temporalWebUI }, ...(isNew ? [{ token, file: tokenFile }] : [])));
    await agents.settle(signal);
  }

  /** What dies of a full disk does not always know it, and dies again until there is room: that is said once. */
  async #tellRestart(sentence: string): Promise<void> {
    const full = await this.home.demandSpace().then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (full === undefined) this.progress.say(sentence);
    else if (!this.#isFull) this.progress.say(full);
    this.#isFull = full !== undefined;
  }

  /** What api and worker are told: config.yaml, and beyond it what only this start knows. */
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
    const kept = new KeptProcess(this.home, spec, this.#listener, watchFor(answers));
    this.#groups.push([kept]);
    return kept;
  }
}

function refusedToken(file: string): string {
  return `The api does not take the administrator's token in ${file}: it was revoked, or the file was changed. Put a token that works into it, or remove it for a new one.`;
}
