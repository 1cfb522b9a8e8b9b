import type { NodeEventType } from '../../contract/lifecycle.js';
import type { EpochMs } from '../../contract/states.js';
import type { Page, PageRequest } from '../http/page.js';

/** Something that happened to a node. Events are only ever added. */
export interface NodeEvent {
  /** The same on every retry: an event that is written twice is there once. */
  id: string;
  uid: string;
  /** The node's id, as people know it. */
  node: string;
  at: EpochMs;
  type: NodeEventType;
  by: string;
  reason: string;
  /** The address that the request came from; null where no request caused it. */
  from: string | null;
}

export abstract class EventStore {
  abstract append(events: readonly NodeEvent[]): Promise<void>;

  /**
   * A node's events, the latest first.
   * @throws BadCursor
   */
  abstract listForNode(uid: string, page: PageRequest): Promise<Page<NodeEvent>>;
}
