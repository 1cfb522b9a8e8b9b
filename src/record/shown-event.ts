import type { z } from 'zod';
import type { nodeEventSchema } from '../../contract/schemas/nodes.js';
import type { NodeEvent } from './event-store.js';

/** A node's event as it is told to people. */
export function shownEvent({ id, at, type, node, uid, by, reason, from }: NodeEvent): z.infer<typeof nodeEventSchema> {
  return { id, at: new Date(at).toISOString(), type, node, uid, by, reason, from };
}
