import { randomUUID } from 'node:crypto';
import type { NodeEventType } from '../../contract/lifecycle.js';
import type { EpochMs } from '../../contract/states.js';
import type { Actor } from '../auth/caller.js';
import type { NodeEvent } from './event-store.js';

let made = 0;

/** An event that a request caused. Events of one moment are listed in the order in which they were made, which their ids say. */
export function nodeEvent(node: { uid: string; name: string }, type: NodeEventType, at: EpochMs, actor: Actor, reason = ''): NodeEvent {
  const id = `${String(made++).padStart(12, '0')}-${randomUUID()}`;
  return { id, uid: node.uid, node: node.name, at, type, by: actor.by, reason, from: actor.from };
}
