import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../embedded/free-port.js';
import { lastLines } from '../../../embedded/log-tail.js';
import { listensAt } from '../listening-addresses.js';
import { PATIENCE } from '../patience.mjs';
import { removeFolder } from '../remove-folder.js';

const LOOPBACK = '127.0.0.1';
/** Timeout after which the server's name and last output are reported. */
const UP_WITHIN_MS = 20_000 * PATIENCE;
const ATTEMPTS = 3;

export interface ServerSpec {
  /** For people: `mongod`. */
  name: string;
  command: string;
  /** @param folder an empty folder, which is removed with the server */
  args: (port: number, folder: string) => string[];
  /** The port to listen at, instead of a free one. */
  port?: number;
}

/**
 * A server for tests. Its start is waited for as long as it lives, since a busy machine is slow. One that dies at its start,
 * because another program took its port first, is started again at another port.
 */
export class ServerProcess {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /**
   * @param connect retried once the server listens, until it stops throwing
   * @throws Error with the server's last output
   */
  static async start<Answer>(
    spec: ServerSpec,
    connect: (address: string) => Promise<Answer>,
  ): Promise<{ server: ServerProcess; answer: Answer }> {
    const deadline = Date.now() + UP_WITHIN_MS;
    for (let attempt = 1; ; attempt += 1) {
      const server = await ServerProcess.#spawn(spec);
      try {
        return { server, answer: await server.#answers(() => connect(server.address), deadline) };
      } catch (cause) {
        const words = await lastLines(server.#log, 0);
        const hasDied = server.#isGone;
        await server.stop();
        if (hasDied && attempt < ATTEMPTS) continue;
        const how = hasDied
          ? `ended at its start, ${ATTEMPTS} times`
          : `did not come up within ${UP_WITHIN_MS / 1_000} s`;
        throw new Error(`${spec.name} ${how}: ${words.join('\n') || 'it said nothing'}`, { cause });
      }
    }
  }

  static async #spawn({ command, args, port: wanted }: ServerSpec): Promise<ServerProcess> {
    const port = wanted ?? (await freePort(LOOPBACK, []));
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-server-'));
    const log = openSync(join(folder, LOG), 'a');
    const child = spawn(command, args(port, folder), { stdio: ['ignore', log, log] });
    closeSync(log);
    // Without a listener, a command that cannot be run would end the test run; `#isGone` reports it.
    child.on('error', () => undefined);
    return new ServerProcess(port, child, folder);
  }

  get address(): string {
    return `${LOOPBACK}:${this.port}`;
  }

  /** Kills it: a test's server holds nothing that needs an orderly shutdown. */
  async stop(): Promise<void> {
    if (!this.#isGone) {
      this.child.kill('SIGKILL');
      await once(this.child, 'exit');
    }
    await removeFolder(this.folder);
  }

  /** Outlives the suite that started it: the run's reaper ends it. */
  leave(): this {
    this.child.removeAllListeners();
    this.child.unref();
    return this;
  }

  async #answers<Answer>(connect: () => Promise<Answer>, deadline: number): Promise<Answer> {
    for (;;) {
      try {
        if (!(await listensAt(this.child.pid ?? 0, this.port))) throw new Error('it does not listen yet');
        return await connect();
      } catch (error) {
        if (this.#isGone || Date.now() > deadline) throw error;
        await delay(20);
      }
    }
  }

  get #isGone(): boolean {
    return this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  get #log(): string {
    return join(this.folder, LOG);
  }
}

const LOG = 'server.log';
