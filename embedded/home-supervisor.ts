import type { Home } from './home.js';
import type { KeeperListener } from './kept-process.js';
import { explainExit } from './managed-process.js';
import type { Progress } from './progress.js';
import type { StartupError } from './startup-error.js';

interface Stoppable {
  stop(): Promise<void>;
  kill(): void;
}

/** Runs the processes of a home and stops them in the order in which they depend on each other. */
export abstract class HomeSupervisor {
  /** Settles when a process is lost for good; never otherwise. */
  readonly lost: Promise<StartupError>;
  protected readonly listener: KeeperListener;
  /** In the order of their start; what is in one group stops together. */
  readonly #groups: Stoppable[][] = [];
  readonly #stopping = new AbortController();
  #isFull = false;
  #starting: Promise<void> | undefined;

  protected constructor(
    protected readonly home: Home,
    protected readonly progress: Progress,
  ) {
    let lose: (failure: StartupError) => void;
    this.lost = new Promise((resolve) => (lose = resolve));
    this.listener = {
      restarting: (name, exit, inMs) =>
        void this.#tellRestart(`${name} ${explainExit(exit)}; starting it again in ${inMs / 1_000} s`),
      unresponsive: (name, forMs) =>
        progress.say(`${name} has not answered for ${Math.round(forMs / 1_000)} s; ending it and starting it again`),
      lost: (failure) => lose(failure),
    };
  }

  /**
   * Starts everything and says where it is.
   * @throws StartupError, ServerNotFound, ConfigError; what has been started by then is stopped by `stop()`
   */
  start(): Promise<void> {
    this.#starting = this.bringUp();
    return this.#starting;
  }

  /** Stops whatever runs, the last started first, each within its time. Ends a start that is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // What it still had in hand when it was told is on the list, or stopped, once it has ended.
    await this.#starting?.catch(() => undefined);
    for (const group of this.#groups.toReversed()) await Promise.all(group.map((process) => process.stop()));
  }

  kill(): void {
    this.#stopping.abort();
    for (const process of this.#groups.flat()) process.kill();
  }

  protected abstract bringUp(): Promise<void>;

  /** Ends a start that is under way. */
  protected get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** From now on it is stopped with the rest, before those that were added earlier. */
  protected add(...group: Stoppable[]): void {
    this.#groups.push(group);
  }

  /** What dies of a full disk does not always know it, and dies again until there is room: that is said once. */
  async #tellRestart(sentence: string): Promise<void> {
    const full = await this.home.demandSpace().then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (full === undefined) this.progress.say(sentence);
    else if (!this.#isFull) this.progress.say(full);
    this.#isFull = full !== undefined;
  }
}
