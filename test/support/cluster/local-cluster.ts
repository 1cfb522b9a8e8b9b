import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Node } from '../../../contract/schemas/nodes.js';
import { ApiAccess } from '../../../embedded/api-access.js';
import { INSTALLATION } from '../../../embedded/installation.js';
import { PATIENCE } from '../patience.mjs';

/** Runs `npm start` (or, with another main program, `npm run cluster`) on a finished build, in a home of its own. */
export class LocalCluster {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly exit: Promise<number | null>;

  constructor(
    private readonly home: string,
    args: string[] = [],
    main = 'main.js',
    installation = INSTALLATION,
  ) {
    const all = ['--home', home, ...(main === 'main.js' ? ['--port', '0'] : []), ...args];
    this.#child = spawn(process.execPath, [join(installation, 'dist', 'embedded', main), ...all], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (text: Buffer) => (this.stdout += text.toString()));
    this.#child.stderr?.on('data', (text: Buffer) => (this.stderr += text.toString()));
    this.exit = once(this.#child, 'exit').then(([code]) => code as number | null);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Resolves when stdout contains the text; rejects if the cluster ends before. */
  async says(text: string, withinMs?: number): Promise<void> {
    await until(
      () => {
        if (this.#child.exitCode !== null) throw new Error(`the cluster ended: ${this.stderr}`);
        return this.stdout.includes(text);
      },
      `stdout says ${text}: ${this.stdout} ${this.stderr}`,
      withinMs,
    );
  }

  /** Ctrl-C, and its exit code. */
  async interrupt(): Promise<number | null> {
    this.signal('SIGINT');
    return this.exit;
  }

  /** Pids of its processes, by component. */
  async pid(component: string): Promise<number> {
    const record = JSON.parse(await readFile(join(this.home, 'state', `process-${component}.json`), 'utf8')) as {
      pid: number;
    };
    return record.pid;
  }

  /** Resolves when its servers answer, and heartbeats are recorded. */
  async isReady(): Promise<boolean> {
    const { server, token } = await this.context();
    return new ApiAccess(server, token).isReady();
  }

  async nodes(): Promise<Node[]> {
    const { server, token } = await this.context();
    const response = await fetch(`${server}/v1/nodes`, { headers: { authorization: `Bearer ${token}` } });
    return ((await response.json()) as { items: Node[] }).items;
  }

  /** Address of its api, and its administrator's token. */
  async context(): Promise<{ server: string; token: string }> {
    return JSON.parse(await readFile(join(this.home, 'context.json'), 'utf8')) as { server: string; token: string };
  }

  /** Resolves when the node has this STATUS. */
  async status(id: string, status: Node['status']): Promise<void> {
    await until(
      async () => (await this.nodes().catch(() => [])).find((node) => node.id === id)?.status === status,
      `${id} is ${status}`,
    );
  }
}

/** @param withinMs as for `eventually`; a condition that throws ends the wait */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + withinMs * PATIENCE;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${(withinMs * PATIENCE) / 1_000} s in vain until ${what}`);
    await delay(50);
  }
}
