import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processIdentity } from '../../../contract/process/process-identity.js';
import { mongodUri } from '../../../embedded/run-mongod.js';
import {
  DISCONNECT_TIMEOUT_MS,
  HEARTBEAT_INTERVAL_MS,
  UNKNOWN_TIMEOUT_MS,
} from '../../support/cluster/cluster-configuration.js';
import { LocalCluster, until } from '../../support/cluster/local-cluster.js';
import { SupervisedHome } from '../../support/cluster/supervised-home.js';

export const AGENTS = ['node-1', 'node-2', 'node-3'] as const;
/** Processes that its supervisor restarts when they die. */
export const KEPT = ['mongod', 'temporal', 'worker', 'api'] as const;
export type Kept = (typeof KEPT)[number];
const COMPONENTS = [...KEPT, ...AGENTS.map((name) => `agent-${name}`)];
const RECOVERED_WITHIN_MS = 120_000;

const CONFIG = {
  Compute: { Heartbeat: { Interval: `${HEARTBEAT_INTERVAL_MS}ms` } },
  Orchestrator: {
    NodeManager: { DisconnectTimeout: `${DISCONNECT_TIMEOUT_MS}ms`, UnknownTimeout: `${UNKNOWN_TIMEOUT_MS}ms` },
  },
};

/** `npm start`, with its supervisor under the test's control. */
export class SupervisedCluster extends SupervisedHome {
  /** All processes that ever ran for this home, except supervisors. */
  readonly #pids = new Set<number>();

  /** A cluster with HEALTHY agents. */
  static async start(): Promise<SupervisedCluster> {
    const cluster = new SupervisedCluster(await SupervisedHome.folder(CONFIG), AGENTS);
    try {
      await cluster.#begin();
    } catch (error) {
      await cluster.end();
      throw error;
    }
    return cluster;
  }

  /** Ends the supervisor by this signal, and starts another over its remains. @returns its exit code, null if it was killed */
  async replaceSupervisor(signal: 'SIGKILL' | 'SIGTERM', meanwhile: () => Promise<void>): Promise<number | null> {
    const { supervisor } = this;
    supervisor.signal(signal);
    const code = await supervisor.exit;
    await meanwhile();
    await this.#begin();
    return code;
  }

  /** The supervisor is stopped during this. */
  async withoutSupervisor(meanwhile: () => Promise<void>): Promise<void> {
    const { supervisor } = this;
    supervisor.signal('SIGSTOP');
    try {
      await meanwhile();
    } finally {
      supervisor.signal('SIGCONT');
    }
  }

  /** kill -9; does not wait for the consequences. @returns the process id */
  kill(component: Kept): Promise<number> {
    return this.signalKill(component);
  }

  /** Resolves when another process does its work, and all of the cluster answers. */
  async recovered(component: Kept, killed: number): Promise<void> {
    const isBack = async () => (await this.pid(component)) !== killed && (await this.supervisor.isReady());
    await until(() => isBack().catch(() => false), `${component} runs again`, RECOVERED_WITHIN_MS);
    await this.#note();
  }

  /** Connects `db` and `lifecycle`, since the servers' ports may change from start to start. */
  async open(): Promise<void> {
    const ports = JSON.parse(await readFile(join(this.home.path, 'state', 'ports.json'), 'utf8')) as {
      mongod: number;
      temporal: number;
    };
    await this.connect(mongodUri(ports.mongod), `127.0.0.1:${ports.temporal}`);
  }

  /** Kills what is left of it after its end. @returns the ids of those processes */
  killLeftovers(): number[] {
    const left = [...this.#pids].filter((pid) => processIdentity(pid) !== undefined);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    return left;
  }

  async #begin(): Promise<void> {
    await this.supervise(new LocalCluster(this.home.path));
    await this.#note();
  }

  async #note(): Promise<void> {
    for (const component of COMPONENTS) {
      const pid = await this.pid(component).catch(() => undefined);
      if (pid !== undefined) this.#pids.add(pid);
    }
  }
}
