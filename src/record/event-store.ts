import type { AuditedEventType, EventType } from '../../contract/audit.js';
import { isoTime } from '../../contract/iso-time.js';
import type { NodeEventType } from '../../contract/lifecycle.js';
import type { EpochMs } from '../../contract/states.js';
import type { Page, PageRequest } from '../http/page.js';
import type { z } from 'zod';
import type { nodeEventSchema } from '../../contract/schemas/node-events.js';

/** Something that happened. Events are only ever added. */
export interface RecordedEvent {
  /** Equal on every retry, so that an event is stored once. */
  id: string;
  /** Uid of the node that it is about; null where it is about none. */
  uid: string | null;
  /** That node's id, as people know it. */
  node: string | null;
  /** Id of the token that it is about. */
  token?: string | null;
  at: EpochMs;
  type: EventType;
  by: string;
  /** See Actor; null where no administrator caused it, and in events from before this was stored. */
  byId?: string | null;
  reason: string;
  /** The address that the request came from; null where no request caused it. */
  from: string | null;
}

/** Something that happened to a node. */
export interface NodeEvent extends RecordedEvent {
  uid: string;
  node: string;
  type: NodeEventType;
}

/** Filter and order of audited events. */
export interface AuditQuery extends PageRequest {
  types: readonly AuditedEventType[];
  node?: string | undefined;
  token?: string | undefined;
  /** A name or an id. */
  by?: string | undefined;
  /** From this moment on. */
  since?: EpochMs | undefined;
  /** Before this moment. */
  until?: EpochMs | undefined;
  oldestFirst?: boolean | undefined;
}

export abstract class EventStore {
  abstract append(events: readonly RecordedEvent[]): Promise<void>;

  /**
   * A node's events, the latest first.
   * @throws BadCursor
   */
  abstract listForNode(uid: string, page: PageRequest): Promise<Page<NodeEvent>>;

  /** A node's events of these types between these moments, latest first, up to a limit. */
  abstract between(
    uid: string,
    stretch: { from: EpochMs; to: EpochMs },
    types: readonly NodeEventType[],
    atMost: number,
  ): Promise<NodeEvent[]>;

  /**
   * Events of these types, the latest first unless the query says otherwise.
   * @throws BadCursor
   */
  abstract audit(query: AuditQuery): Promise<Page<RecordedEvent>>;
}

/** Maps a node's event to the API. */
export function shownEvent({ id, at, type, node, uid, by, reason, from }: NodeEvent): z.infer<typeof nodeEventSchema> {
  return { id, at: isoTime(at), type, node, uid, by, reason, from };
}
