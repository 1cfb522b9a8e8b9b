import type { Observable } from 'rxjs';
import type { NodeEvent } from '../record/event-store.js';

export interface FedEvent {
  event: NodeEvent;
  /** Position after this event, from which a reader can resume. */
  position: string;
}

/** The position was not issued by this feed, or is too old to resume from. */
export class BadPosition extends Error {
  override readonly name = 'BadPosition';
}

/** The events of all nodes, as they happen. */
export abstract class EventFeed {
  /** Events from now on, or after `position`. Never completes by itself; fails where the feed breaks, with BadPosition because of `position`. */
  abstract follow(position?: string): Observable<FedEvent>;
}
