import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from './home.js';
import { describeExit, ManagedProcess, type Exit, type ProcessSpec } from './managed-process.js';
import { StartupError } from './startup-error.js';

/** A death within this time after the start is a quick one, in milliseconds. */
const QUICK_MS = 30_000;
const MAX_QUICK_DEATHS = 5;
const FIRST_BACKOFF_MS = 500;
/** Exit code of Rollcall's processes for an invalid configuration, which another start would not change. */
const CONFIGURATION_EXIT_CODE = 2;
/** Time from SIGTERM to SIGKILL for a process that does not answer, in milliseconds; it may not even handle the signal. */
const UNRESPONSIVE_STOP_MS = 5_000;

export interface KeeperListener {
  restarting(name: string, exit: Exit, inMs: number): void;
  /** It lives but has not answered for this long, so it is killed and restarted. */
  unresponsive(name: string, forMs: number): void;
  /** It will not be restarted. */
  lost(failure: StartupError): void;
}

/** How to check whether a living process answers. */
export interface HealthWatch {
  /** Settles within some seconds; rejects if the process does not answer. */
  answers: (process: ManagedProcess) => Promise<boolean>;
  /** Time between two probes, in milliseconds. */
  everyMs: number;
  /** It is killed after this time without an answer, in milliseconds: several probes, so that a busy machine is no reason. */
  patienceMs: number;
}

/** A watch patient enough for a machine that is also used for other things. */
export function watchFor(answers: HealthWatch['answers']): HealthWatch {
  return { answers, everyMs: 5_000, patienceMs: 60_000 };
}

/**
 * A process that is restarted when it dies or no longer answers, with back-off, until it dies too quickly too often. Deaths
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
   * Waits until `probe` succeeds. A process that dies before that is not restarted.
   * @param tooLate message if it lives but the probe still fails; undefined for the usual one
   * @throws StartupError with its last output if it dies or takes too long
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

  /** Restarts it from now on when it dies: for a process without a port to probe. */
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
      // The cluster survives if space is freed, however long that takes.
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
      // If this process slept or got no processor time, it cannot tell how long the other was silent.
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
