import type { Observable } from 'rxjs';
import type { NodeEvent } from '../record/event-store.js';

export interface FedEvent {
  event: NodeEvent;
  /** Where the feed stands after this event: a reader that comes back begins there. */
  position: string;
}

/** A position that this feed never handed out, or one that is so old that what came after it is no longer known. */
export class BadPosition extends Error {
  override readonly name = 'BadPosition';
}

/** The events of all nodes, as they happen. */
export abstract class EventFeed {
  /**
   * Events from now on, or from after `position`. Never completes by itself; errors where the feed breaks, with
   * BadPosition where `position` is the reason.
   */
  abstract follow(position?: string): Observable<FedEvent>;
}
