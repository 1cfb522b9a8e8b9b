import { fork, type ChildProcess } from 'node:child_process';
import { program } from '../../embedded/installation.js';
import { endChild } from './end-child.js';
import type { LoadMessage, LoadOrder, LoadPlan, LoadResult, Target } from './load-orders.js';

/** The load generator, in a process of its own. */
export class Load {
  /** Number of nodes for which it beats. */
  targets = 0;

  private constructor(private readonly child: ChildProcess) {}

  /** @param targets the nodes for which it beats */
  static async start(targets: readonly Target[]): Promise<Load> {
    const child = fork(program('bench/harness/load-main.js'), [], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    const load = new Load(child);
    await load.speakFor(targets);
    return load;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Sets the nodes; a known boot continues its seq. */
  async speakFor(targets: readonly Target[]): Promise<void> {
    await this.order({ kind: 'targets', targets: [...targets] });
    this.targets = targets.length;
  }

  /** Each node beats once, so that the api knows them all, as in a running fleet. */
  async once(port: number, connections: number): Promise<void> {
    await this.order({ kind: 'once', port, connections });
  }

  async run(plan: LoadPlan): Promise<LoadResult> {
    const message = await this.order({ kind: 'run', plan });
    if (message.kind !== 'result') throw new Error(`the load generator said ${message.kind}`);
    return message.result;
  }

  stop(): Promise<void> {
    return endChild(this.child);
  }

  private order(order: LoadOrder): Promise<LoadMessage> {
    return new Promise((resolve, reject) => {
      const hear = (message: LoadMessage) => {
        this.child.off('exit', miss);
        if (message.kind === 'failed') reject(new Error(`the load generator failed: ${message.why}`));
        else resolve(message);
      };
      const miss = (code: number | null) => {
        this.child.off('message', hear);
        reject(new Error(`the load generator ended with exit code ${code}`));
      };
      this.child.once('message', hear);
      this.child.once('exit', miss);
      this.child.send(order);
    });
  }
}
