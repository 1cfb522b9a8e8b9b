import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { program } from '../../embedded/installation.js';
import { endChild } from './end-child.js';

/** The bare Fastify route, in a process of its own. */
export class BareRoute {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(): Promise<BareRoute> {
    const child = fork(program('bench/harness/bare-main.js'), [], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new BareRoute(child, port);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  stop(): Promise<void> {
    return endChild(this.child);
  }
}
