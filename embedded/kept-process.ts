import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from './home.js';
import { describeExit, ManagedProcess, type Exit, type ProcessSpec } from './managed-process.js';
import { StartupError } from './startup-error.js';

/** A process that lived less than this died quickly, in milliseconds. */
const QUICK_MS = 30_000;
const MAX_QUICK_DEATHS = 5;
const FIRST_BACKOFF_MS = 500;
/** By convention of our processes: the configuration is wrong. Another start would read the same. */
const CONFIGURATION_EXIT_CODE = 2;

export interface KeeperListener {
  restarting(name: string, exit: Exit, inMs: number): void;
  /** It will not be started again. */
  lost(failure: StartupError): void;
}

/** A process that is started again when it dies, with back-off, until it dies too quickly too often. */
export class KeptProcess {
  readonly #waiting = new AbortController();
  #current: ManagedProcess;
  #isUp = false;
  #quickDeaths = 0;
  readonly #ended: Promise<void>;

  constructor(
    private readonly home: Home,
    private readonly spec: ProcessSpec,
    private readonly listener: KeeperListener,
  ) {
    this.#current = new ManagedProcess(home, spec);
    this.#ended = this.#keep();
  }

  /**
   * Waits until `probe` says yes. A process that dies before that is not started again.
   * @param tooLate what to say where it lives but the answer stays no; undefined for the usual sentence
   * @throws StartupError with its last words where it dies or takes too long
   */
  async up(probe: () => Promise<boolean>, withinMs: number, signal: AbortSignal, tooLate?: () => Promise<string | undefined>): Promise<void> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      signal.throwIfAborted();
      if (this.#current.gone) throw failure(this.home, this.spec.name, await this.#current.exited);
      if (await probe().catch(() => false)) break;
      if (Date.now() > deadline) throw new StartupError((await tooLate?.()) ?? `${this.spec.name} did not come up within ${withinMs / 1_000} s; see ${this.home.logOf(this.spec.name)}.`);
      await delay(25);
    }
    this.#isUp = true;
  }

  /** From now on it is started again when it dies: for a process that has no door to knock at. */
  assumeUp(): void {
    this.#isUp = true;
  }

  async stop(): Promise<void> {
    this.#waiting.abort();
    await this.#current.stop();
    await this.#ended;
  }

  kill(): void {
    this.#waiting.abort();
    this.#current.kill();
  }

  async #keep(): Promise<void> {
    for (;;) {
      const exit = await this.#current.exited;
      if (this.#waiting.signal.aborted) return;
      this.#quickDeaths = Date.now() - this.#current.startedAt < QUICK_MS ? this.#quickDeaths + 1 : 1;
      if (exit.code === CONFIGURATION_EXIT_CODE || this.#quickDeaths > MAX_QUICK_DEATHS || !this.#isUp) {
        if (this.#isUp) this.listener.lost(failure(this.home, this.spec.name, exit));
        return;
      }
      const backoffMs = FIRST_BACKOFF_MS * 2 ** (this.#quickDeaths - 1);
      this.listener.restarting(this.spec.name, exit, backoffMs);
      try {
        await delay(backoffMs, undefined, { signal: this.#waiting.signal });
      } catch {
        return;
      }
      this.#current = new ManagedProcess(this.home, this.spec);
    }
  }
}

function failure(home: Home, name: string, exit: Exit): StartupError {
  const words = exit.lastWords.map((line) => `\n    ${line}`).join('');
  const log = home.logOf(name);
  return new StartupError(words === '' ? `${name} ${describeExit(exit)} without a word; its log is ${log}.` : `${name} ${describeExit(exit)}; its log, ${log}, ends:${words}`);
}
