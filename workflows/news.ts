import type { LifecycleEvent, NodeEventType } from '../contract/lifecycle.js';
import { SYSTEM, type EpochMs } from '../contract/states.js';

/** What has changed about a node, and happened to it, that MongoDB has not been told yet. */
export class News {
  #revision: number;
  #toldRevision: number;
  #events: LifecycleEvent[];

  /**
   * @param toldRevision the last revision of an earlier run. A run tells people once what it starts from, whatever they were told before.
   * @param events of an earlier run, that nobody was told of
   */
  constructor(
    private readonly uid: string,
    toldRevision: number,
    events: readonly LifecycleEvent[] = [],
  ) {
    this.#toldRevision = toldRevision;
    this.#revision = toldRevision + 1;
    this.#events = [...events];
  }

  /** Rises with every change, over all runs of a life. */
  get revision(): number {
    return this.#revision;
  }

  get pending(): boolean {
    return this.#revision > this.#toldRevision;
  }

  get events(): LifecycleEvent[] {
    return this.#events;
  }

  /** Something changed that people should see. */
  change(): void {
    this.#revision += 1;
  }

  /** Something happened that is worth an event. */
  tell(type: NodeEventType, reason: string, at: EpochMs, by: string = SYSTEM): void {
    this.change();
    // The revision makes the id unique for good, and the same on every retry of the projection.
    this.#events = [...this.#events, { id: `${this.uid}:${this.#revision}`, type, at, by, reason }];
  }

  /** An event that nobody was told of did not happen after all. */
  withdraw(type: NodeEventType): void {
    this.#events = this.#events.filter((event) => event.type !== type);
    this.change();
  }

  /** People have been told all up to `revision`, and `events`. */
  told(revision: number, events: readonly LifecycleEvent[]): void {
    this.#toldRevision = revision;
    this.#events = this.#events.filter((event) => !events.includes(event));
  }
}
