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
/** Between SIGTERM and SIGKILL for a process that does not answer, in milliseconds: it hardly hears. */
const UNRESPONSIVE_STOP_MS = 5_000;

export interface KeeperListener {
  restarting(name: string, exit: Exit, inMs: number): void;
  /** It lives and has not answered for so long; it is ended and started again. */
  unresponsive(name: string, forMs: number): void;
  /** It will not be started again. */
  lost(failure: StartupError): void;
}

/** How a process is watched that lives: whether it answers. */
export interface HealthWatch {
  /** Settles within some seconds. A rejection says no. */
  answers: (process: ManagedProcess) => Promise<boolean>;
  /** Between two questions, in milliseconds. */
  everyMs: number;
  /** It is ended when it has not answered for so long, in milliseconds: several questions, so that a busy machine is no reason. */
  patienceMs: number;
}

/** A watch with the patience that suits a machine which others use too. */
export function watchFor(answers: HealthWatch['answers']): HealthWatch {
  return { answers, everyMs: 5_000, patienceMs: 60_000 };
}

/**
 * A process that is started again when it dies, or lives and does not answer, with back-off, until it dies too quickly too often. Deaths
 * while the disk is full do not count: it comes back when there is room.
 */
export class KeptProcess {
  readonly #waiting = new AbortController();
  #current: ManagedProcess;
  #isUp = false;
  #quickDeaths = 0;
  readonly #ended: Promise<unknown>;

  constructor(
    private readonly home: Home,
    private readonly spec: ProcessSpec,
    private readonly listener: KeeperListener,
    watch?: HealthWatch,
  ) {
    this.#current = new ManagedProcess(home, spec);
    this.#ended = Promise.all([this.#keep(), watch && this.#watch(watch)]);
  }

  /**
   * Waits until `probe` says yes. A process that dies before that is not started again.
   * @param tooLate what to say where it lives but the answer stays no; undefined for the usual sentence
   * @throws StartupError with its last words where it dies or takes too long
   */
  async up(
    probe: () => Promise<boolean>,
    withinMs: number,
    signal: AbortSignal,
    tooLate?: () => Promise<string | undefined>,
  ): Promise<void> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      signal.throwIfAborted();
      if (this.#current.gone) throw failure(this.home, this.spec.name, await this.#current.exited);
      if (await probe().catch(() => false)) break;
      if (Date.now() > deadline)
        throw new StartupError(
          (await tooLate?.()) ??
            `${this.spec.name} did not come up within ${withinMs / 1_000} s; see ${this.home.logOf(this.spec.name)}.`,
        );
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
      const quickDeaths = Date.now() - this.#current.startedAt < QUICK_MS ? this.#quickDeaths + 1 : 1;
      // Whoever frees some space in time keeps the cluster, however long that takes.
      this.#quickDeaths = (await this.home.hasRoom()) ? quickDeaths : Math.min(quickDeaths, MAX_QUICK_DEATHS);
      if (exit.code === CONFIGURATION_EXIT_CODE || this.#quickDeaths > MAX_QUICK_DEATHS || !this.#isUp) {
        if (this.#isUp) this.listener.lost(failure(this.home, this.spec.name, exit));
        this.#waiting.abort();
        return;
      }
      const backoffMs = FIRST_BACKOFF_MS * 2 ** (this.#quickDeaths - 1);
      this.listener.restarting(this.spec.name, exit, backoffMs);
      if (!(await this.#pause(backoffMs))) return;
      this.#current = new ManagedProcess(this.home, this.spec);
    }
  }

  async #watch({ answers, everyMs, patienceMs }: HealthWatch): Promise<void> {
    let silentSince: number | undefined;
    for (;;) {
      const before = Date.now();
      if (!(await this.#pause(everyMs))) return;
      const asked = Date.now();
      // Whoever slept, or got no turn, cannot tell how long the other was silent.
      const wasAsleep = asked - before > everyMs + patienceMs / 2;
      const watched = this.#current;
      const isWell = !this.#isUp || watched.gone || (await answers(watched).catch(() => false));
      const now = Date.now();
      if (isWell || wasAsleep || watched !== this.#current) silentSince = undefined;
      else silentSince = Math.max(silentSince ?? asked, watched.startedAt);
      if (silentSince === undefined || now - silentSince < patienceMs || this.#waiting.signal.aborted) continue;
      this.listener.unresponsive(this.spec.name, now - silentSince);
      silentSince = undefined;
      await watched.stop(UNRESPONSIVE_STOP_MS);
    }
  }

  /** @returns whether it goes on after that */
  async #pause(ms: number): Promise<boolean> {
    return delay(ms, true, { signal: this.#waiting.signal }).catch(() => false);
  }
}

function failure(home: Home, name: string, exit: Exit): StartupError {
  const words = exit.lastWords.map((line) => `\n    ${line}`).join('');
  const log = home.logOf(name);
  return new StartupError(
    words === ''
      ? `${name} ${describeExit(exit)} without a word; its log is ${log}.`
      : `${name} ${describeExit(exit)}; its log, ${log}, ends:${words}`,
  );
}
