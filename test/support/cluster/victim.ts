import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Home } from '../../../embedded/home.js';
import { describeExit, ManagedProcess, type ProcessSpec } from '../../../embedded/managed-process.js';
import { processIdentity } from '../../../contract/process/process-identity.js';
import { until } from './local-cluster.js';

/** One process of a cluster, which only the test stops and starts. */
export class Victim {
  readonly #pids: number[] = [];
  #current: ManagedProcess | undefined;
  /** Offset of its clock from its next start on, for faketime: `+1h`; undefined for none. */
  clock: string | undefined;

  /**
   * @param spec called at every start
   * @param isUp whether the process is ready
   */
  constructor(
    private readonly home: Home,
    private readonly spec: () => ProcessSpec | Promise<ProcessSpec>,
    private readonly isUp: () => Promise<boolean>,
  ) {}

  /** Starts it and waits until it is up. */
  async start(): Promise<void> {
    const told = await this.spec();
    const spec =
      this.clock === undefined ? told : { ...told, env: { ...(told.env ?? process.env), ...wrongClock(this.clock) } };
    const started = new ManagedProcess(this.home, spec);
    this.#current = started;
    if (started.pid !== undefined) this.#pids.push(started.pid);
    await until(async () => {
      if (started.gone)
        throw new Error(
          `${spec.name} ${describeExit(await started.exited)}: ${(await started.exited).lastWords.join('\n')}`,
        );
      return this.isUp().catch(() => false);
    }, `${spec.name} is up`);
  }

  get isRunning(): boolean {
    return this.#current !== undefined && !this.#current.gone;
  }

  /** Undefined before its first start. */
  get pid(): number | undefined {
    return this.#pids.at(-1);
  }

  /** kill -9; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#current?.kill();
    await this.#current?.exited;
  }

  /** SIGTERM; resolves when it has ended. */
  async stop(): Promise<void> {
    if (this.isRunning) await this.#current?.stop();
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** SIGSTOP: connections to it stay open, and nobody answers. */
  freeze(): void {
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#signal('SIGCONT');
  }

  /** Its log, over all starts. */
  async log(): Promise<string> {
    const { name } = await this.spec();
    return readFile(this.home.logOf(name), 'utf8');
  }

  /** Its processes that should not be running. */
  get leftovers(): number[] {
    return this.#pids.filter((pid) => processIdentity(pid) !== undefined);
  }

  #signal(name: NodeJS.Signals): void {
    const pid = this.#current?.pid;
    if (pid === undefined || !this.isRunning) throw new Error(`it does not run, so it cannot get ${name}`);
    process.kill(pid, name);
  }
}

/** The environment that faketime would give its child. Without faketime in between, killing one process is enough. */
function wrongClock(offset: string): Record<string, string> {
  const { stdout } = spawnSync('faketime', ['-f', offset, 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' });
  return { LD_PRELOAD: stdout.trim(), FAKETIME: offset };
}
