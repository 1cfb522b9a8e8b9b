import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type {
  SimulationMessage,
  SimulationOrder,
  SimulationPlan,
  SimulationStatus,
  SimulationSummary,
} from '../../contract/simulation.js';
import { program } from '../../embedded/installation.js';
import type { BenchCluster } from './bench-cluster.js';
import { endChild } from './end-child.js';

const STATUS_EVERY_MS = 500;

/** The simulator, as in `rollcall sim`. */
export class Simulator {
  status: SimulationStatus | undefined;
  private summary: SimulationSummary | undefined;
  private failure: string | undefined;
  private struck: ((message: Extract<SimulationMessage, { kind: 'struck' }>) => void) | undefined;
  private readonly exited: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    this.exited = once(child, 'exit');
    child.on('message', (message: SimulationMessage) => this.hear(message));
  }

  static async start(
    cluster: BenchCluster,
    plan: Pick<SimulationPlan, 'nodes' | 'joinsPerSecond'> & Partial<SimulationPlan>,
  ): Promise<Simulator> {
    const child = fork(program('agent/sim/main.js'), [], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    const simulator = new Simulator(child);
    simulator.order({
      kind: 'run',
      plan: {
        servers: [cluster.url],
        joinToken: await cluster.joinToken(plan.nodes),
        namePrefix: 'sim-',
        labels: {},
        seed: 1,
        heartbeatIntervalMs: 15_000,
        infoIntervalMs: 60_000,
        connections: 512,
        faults: [],
        statusEveryMs: STATUS_EVERY_MS,
        goodbye: false,
        ...plan,
      },
    });
    return simulator;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Kills this many nodes now. @returns their names, and when */
  async kill(count: number): Promise<{ at: number; nodes: string[] }> {
    const struck = new Promise<{ at: number; nodes: string[] }>((resolve) => (this.struck = resolve));
    this.order({ kind: 'strike', fault: 'die', count });
    return struck;
  }

  /** @throws Error if it failed */
  async end(): Promise<SimulationSummary> {
    this.order({ kind: 'stop' });
    await this.exited;
    if (!this.summary) throw new Error(`the simulator ended without a summary: ${this.failure ?? 'it crashed'}`);
    return this.summary;
  }

  /** Kills it at the end of a failed bench. */
  stop(): Promise<void> {
    return endChild(this.child);
  }

  private order(order: SimulationOrder): void {
    if (this.child.connected) this.child.send(order);
  }

  private hear(message: SimulationMessage): void {
    if (message.kind === 'status') this.status = message.status;
    if (message.kind === 'summary') this.summary = message.summary;
    if (message.kind === 'failed') this.failure = message.why;
    if (message.kind === 'struck') this.struck?.(message);
  }
}
