import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { nodeEventListQuerySchema, nodeEventPageSchema } from '../../contract/schemas/node-events.js';
import { EventStore, shownEvent } from '../record/event-store.js';
import { nodeNotFound } from '../record/node-problems.js';
import { NodeStore } from '../record/node-store.js';

/** Lists a node's events. */
@Injectable()
export class NodeEventReader {
  constructor(
    private readonly nodes: NodeStore,
    private readonly events: EventStore,
  ) {}

  /** @throws ProblemError NODE_NOT_FOUND, or BadCursor */
  async list(
    id: string,
    page: z.output<typeof nodeEventListQuerySchema>,
  ): Promise<z.infer<typeof nodeEventPageSchema>> {
    const node = await this.nodes.findLatest(id);
    if (node === null) throw nodeNotFound(id);
    const { items, nextCursor } = await this.events.listForNode(node.uid, page);
    return { items: items.map(shownEvent), nextCursor };
  }
}
