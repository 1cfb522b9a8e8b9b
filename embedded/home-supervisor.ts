import type { Home } from './home.js';
import type { KeeperListener } from './kept-process.js';
import { explainExit } from './managed-process.js';
import type { Progress } from './progress.js';
import type { StartupError } from './startup-error.js';

interface Stoppable {
  stop(): Promise<void>;
  kill(): void;
}

/** Runs the processes of a home, and stops them in the order of their dependencies. */
export abstract class HomeSupervisor {
  /** Resolves when a process is lost for good; never settles otherwise. */
  readonly lost: Promise<StartupError>;
  protected readonly listener: KeeperListener;
  /** In the order of their start; the members of a group stop together. */
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
   * Starts everything and prints the addresses.
   * @throws StartupError, ServerNotFound, ConfigError; what has been started by then is stopped by `stop()`
   */
  start(): Promise<void> {
    this.#starting = this.bringUp();
    return this.#starting;
  }

  /** Stops what runs, the last started first, each within its time. Aborts a start that is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // What was being started when it was aborted is in the list, or stopped, once it has ended.
    await this.#starting?.catch(() => undefined);
    for (const group of this.#groups.toReversed()) await Promise.all(group.map((process) => process.stop()));
  }

  kill(): void {
    this.#stopping.abort();
    for (const process of this.#groups.flat()) process.kill();
  }

  protected abstract bringUp(): Promise<void>;

  /** Aborts a start that is under way. */
  protected get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Registers it to be stopped with the rest, before those that were added earlier. */
  protected add(...group: Stoppable[]): void {
    this.#groups.push(group);
  }

  /** Processes that die of a full disk may not know the cause, and die again until there is room: this is logged once. */
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
