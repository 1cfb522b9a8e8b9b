import { randomUUID } from 'node:crypto';
import type { NodeEventType } from '../../contract/lifecycle.js';
import type { EpochMs } from '../../contract/states.js';
import type { Actor } from '../auth/caller.js';
import type { NodeEvent } from './event-store.js';

/** An event that a request caused. */
export function nodeEvent(node: { uid: string; name: string }, type: NodeEventType, at: EpochMs, actor: Actor, reason = ''): NodeEvent {
  return { id: randomUUID(), uid: node.uid, node: node.name, at, type, by: actor.by, reason, from: actor.from };
}
