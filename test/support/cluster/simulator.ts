import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { SimulationMessage, SimulationOrder, SimulationStatus } from '../../../contract/simulation.js';
import { program } from '../../../embedded/installation.js';

/** In milliseconds. */
export const SIMULATED_INTERVAL_MS = 2_000;
const STATUS_EVERY_MS = 500;

/** Simulated agents in a process of their own. */
export class Simulator {
  status: SimulationStatus | undefined;
  /** Called with the time for which its process did not run, in milliseconds; its agents sent nothing then. */
  onStall: (stalledMs: number) => void = () => undefined;
  readonly #child: ChildProcess;
  #struck: ((nodes: string[]) => void) | undefined;

  constructor(
    readonly pool: string,
    server: string,
    joinToken: string,
    nodes: number,
    seed: number,
    caFile?: string,
  ) {
    this.#child = fork(program('agent/sim/main.js'), [], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    this.#child.on('message', (message: SimulationMessage) => {
      if (message.kind === 'status') this.#follow(message.status);
      if (message.kind === 'struck') this.#struck?.(message.nodes);
      if (message.kind === 'failed') throw new Error(message.why);
    });
    const plan = {
      servers: [server],
      joinToken,
      nodes,
      namePrefix: this.prefix,
      labels: { pool },
      seed,
      joinsPerSecond: 20,
      ...(caFile === undefined ? {} : { caFile }),
    };
    this.#order({
      kind: 'run',
      plan: {
        ...plan,
        heartbeatIntervalMs: SIMULATED_INTERVAL_MS,
        infoIntervalMs: 60_000,
        connections: 100,
        faults: [],
        statusEveryMs: STATUS_EVERY_MS,
        goodbye: false,
      },
    });
  }

  get prefix(): string {
    return `sim-${this.pool}-`;
  }

  get hasJoined(): boolean {
    return this.status !== undefined && this.status.joined >= this.status.nodes;
  }

  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  /** Kills this many of its agents without a goodbye. @returns their names */
  async bury(count: number): Promise<string[]> {
    const struck = new Promise<string[]>((resolve) => (this.#struck = resolve));
    this.#order({ kind: 'strike', fault: 'die', count });
    return struck;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.thaw();
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** By its own clock, so that a busy test process is not mistaken for a busy simulator. */
  #follow(status: SimulationStatus): void {
    const former = this.status?.elapsedMs ?? status.elapsedMs - STATUS_EVERY_MS;
    this.status = status;
    const stalledMs = status.elapsedMs - former - STATUS_EVERY_MS;
    if (stalledMs >= STATUS_EVERY_MS) this.onStall(stalledMs);
  }

  #order(order: SimulationOrder): void {
    this.#child.send(order);
  }
}
