import { randomUUID } from 'node:crypto';
import type { NodeEventType } from '../../contract/lifecycle.js';
import type { EpochMs } from '../../contract/states.js';
import type { Actor } from '../auth/caller.js';
import type { EventType, FleetEventType } from '../../contract/audit.js';
import type { NodeEvent, RecordedEvent } from './event-store.js';

let made = 0;

/** An event that a request caused. Events of one moment are listed in the order in which they were made, which their ids say. */
export function nodeEvent(
  node: { uid: string; name: string },
  type: NodeEventType,
  at: EpochMs,
  actor: Actor,
  reason = '',
  token: string | null = null,
): NodeEvent {
  return {
    id: nextId(),
    uid: node.uid,
    node: node.name,
    token,
    at,
    type,
    by: actor.by,
    byId: actor.byId ?? null,
    reason,
    from: actor.from,
  };
}

/** An event about a token; of a node too, where the token belongs to one. */
export function tokenEvent(
  token: string,
  type: EventType,
  at: EpochMs,
  actor: Actor,
  reason = '',
  node: { uid: string; name: string } | null = null,
): RecordedEvent {
  return {
    id: nextId(),
    uid: node?.uid ?? null,
    node: node?.name ?? null,
    token,
    at,
    type,
    by: actor.by,
    byId: actor.byId ?? null,
    reason,
    from: actor.from,
  };
}

/** An event about the fleet as a whole. */
export function fleetEvent(type: FleetEventType, at: EpochMs, actor: Actor, reason: string): RecordedEvent {
  const { by, byId = null, from } = actor;
  return { id: nextId(), uid: null, node: null, token: null, at, type, by, byId, reason, from };
}

function nextId(): string {
  return `${String(made++).padStart(12, '0')}-${randomUUID()}`;
}
