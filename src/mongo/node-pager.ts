import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, PipelineStage, QueryFilter } from 'mongoose';
import type { Page } from '../http/page.js';
import type { NodeQuery, NodeRecord } from '../nodes/node-store.js';
import { decodeCursor, encodeCursor, type Position } from './cursor.js';
import { nodeFilter } from './node-filter.js';
import { toNodeRecord } from './node-mapping.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

/** Pages through living nodes in any of the list's orders. A page begins right after a position, so pages stay cheap however deep. */
@Injectable()
export class NodePager {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
  ) {}

  async page(query: NodeQuery): Promise<Page<NodeRecord>> {
    const descending = query.sort.startsWith('-');
    const field = descending ? query.sort.slice(1) : query.sort;
    const keyType = field === 'id' ? 'string' : 'number';
    const after = query.cursor === undefined ? undefined : decodeCursor(query.sort, keyType, query.cursor);
    const direction = descending ? -1 : 1;
    const found = field === 'lastHeartbeat' ? await this.byHeartbeat(query, direction, after) : await this.byField(query, field === 'id' ? 'name' : 'createdAt', direction, after);
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    const more = found.length > query.limit && last !== undefined;
    return { items: items.map(({ document }) => toNodeRecord(document)), nextCursor: more ? encodeCursor(query.sort, { key: last.key, id: last.document._id }) : null };
  }

  private async byField(query: NodeQuery, field: 'name' | 'createdAt', direction: 1 | -1, after: Position | undefined): Promise<Found[]> {
    const documents = await this.nodes
      .find({ $and: [nodeFilter(query), ...(after ? [beyond(field, direction, after) as QueryFilter<NodeDocument>] : [])] })
      // Names are unique among living nodes: a second key would only keep the sort from being read off an index.
      .sort(field === 'name' ? { name: direction } : { createdAt: direction, _id: direction })
      .limit(query.limit + 1)
      .lean<NodeDocument[]>();
    return documents.map((document) => ({ document, key: document[field] }));
  }

  /** Walks the heartbeats, which have an index by time, and looks up each one's node, until the page is full. */
  private async byHeartbeat(query: NodeQuery, direction: 1 | -1, after: Position | undefined): Promise<Found[]> {
    const pipeline: PipelineStage[] = [
      ...(after ? [{ $match: beyond('lastSeen', direction, after) }] : []),
      { $sort: { lastSeen: direction, _id: direction } },
      { $project: { lastSeen: 1 } },
      { $lookup: { from: NODES, localField: '_id', foreignField: '_id', pipeline: [{ $match: nodeFilter(query) }], as: 'node' } },
      { $unwind: '$node' },
      { $limit: query.limit + 1 },
    ];
    const rows = await this.heartbeats.aggregate<{ lastSeen: number; node: NodeDocument }>(pipeline);
    return rows.map(({ lastSeen, node }) => ({ document: node, key: lastSeen }));
  }
}

interface Found {
  document: NodeDocument;
  key: string | number;
}

function beyond(field: string, direction: 1 | -1, after: Position) {
  const operator = direction === 1 ? '$gt' : '$lt';
  return { $or: [{ [field]: { [operator]: after.key } }, { [field]: { $eq: after.key }, _id: { [operator]: after.id } }] };
}
