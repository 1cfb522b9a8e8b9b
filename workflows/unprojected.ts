import type { LifecycleEvent, NodeEventType } from '../contract/lifecycle.js';
import { SYSTEM, type EpochMs } from '../contract/states.js';

/** Changes and events of a node that have not been projected into MongoDB yet. */
export class Unprojected {
  #revision: number;
  #toldRevision: number;
  #events: LifecycleEvent[];

  /**
   * @param toldRevision the last revision of the previous run. A run projects its initial state once in any case.
   * @param events of the previous run that were not projected
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

  /** Increases with every change, across all runs of a lifecycle. */
  get revision(): number {
    return this.#revision;
  }

  get pending(): boolean {
    return this.#revision > this.#toldRevision;
  }

  get events(): LifecycleEvent[] {
    return this.#events;
  }

  /** Records a visible change. */
  change(): void {
    this.#revision += 1;
  }

  /** Records an event. */
  tell(type: NodeEventType, reason: string, at: EpochMs, by: string = SYSTEM): void {
    this.change();
    // The revision makes the id unique, and equal on every retry of the projection.
    this.#events = [...this.#events, { id: `${this.uid}:${this.#revision}`, type, at, by, reason }];
  }

  /** Withdraws events that were not projected. */
  withdraw(type: NodeEventType): void {
    this.#events = this.#events.filter((event) => event.type !== type);
    this.change();
  }

  /** Everything up to `revision`, and `events`, has been projected. */
  told(revision: number, events: readonly LifecycleEvent[]): void {
    this.#toldRevision = revision;
    this.#events = this.#events.filter((event) => !events.includes(event));
  }
}
