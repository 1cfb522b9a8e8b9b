import { Injectable } from '@nestjs/common';
import { InjectConnection, InjectModel } from '@nestjs/mongoose';
import { mongo, type ClientSession, type Connection, type Model, type QueryFilter } from 'mongoose';
import type { Quiet } from '../../contract/health.js';
import type { NodeListPage, NodeQuery, NodeRecord } from '../record/node-store.js';
import { decodeCursor, encodeCursor, type Position } from './cursor.js';
import { HeartbeatOrder, type Search } from './heartbeat-order.js';
import { isFiltered, nodeFilter } from './node-filter.js';
import { toNodeRecord } from './node-mapping.js';
import { ABSENT, beyond, type Found } from './page-position.js';
import { quietHeartbeats } from './quiet-filter.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';
import { readAsOf } from './snapshot.js';

const MAX_TIME_MS_EXPIRED = 50;

/**
 * Orders by a field of the node itself. Each is read off an index; `tie` is what orders nodes that have the same. `every` is true of
 * every node: a condition on the index's first field is what lets MongoDB look for text in the index instead of in each node.
 */
const FIELD_ORDERS = {
  // Names are unique among living nodes: a second key would only keep the sort from being read off an index.
  id: { path: 'name', keyType: 'string', keyOf: ({ name }: NodeDocument) => name, tie: undefined, every: { $gt: '' } },
  createdAt: {
    path: 'createdAt',
    keyType: 'number',
    keyOf: ({ createdAt }: NodeDocument) => createdAt,
    tie: '_id',
    every: { $gt: 0 },
  },
  phase: {
    path: 'phase',
    keyType: 'string',
    keyOf: ({ phase }: NodeDocument) => phase,
    tie: 'name',
    every: { $gt: '' },
  },
  // Absent where no workflow has said anything of the node yet.
  activeSessions: {
    path: 'applied.view.activeSessions',
    keyType: 'number',
    keyOf: ({ applied }: NodeDocument) => applied?.view.activeSessions ?? ABSENT,
    tie: 'name',
    every: { $ne: ABSENT },
  },
} as const;

/** A total that takes longer than this, in milliseconds, is not worth it: the page comes without. */
const COUNT_WITHIN_MS = 1_000;

/**
 * Pages through living nodes in any of the list's orders. A page begins right after a position, so pages stay cheap however deep; and all of
 * them are in the order of the moment at which the first was read, so that a node that beats, drains or gets a session meanwhile is in one
 * of them, and in one only.
 */
@Injectable()
export class NodePager {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
    private readonly byHeartbeat: HeartbeatOrder,
  ) {}

  async page(query: NodeQuery): Promise<NodeListPage<NodeRecord>> {
    const descending = query.sort.startsWith('-');
    const order = (descending ? query.sort.slice(1) : query.sort) as keyof typeof FIELD_ORDERS | 'lastHeartbeat';
    const keyType = order === 'lastHeartbeat' ? 'number' : FIELD_ORDERS[order].keyType;
    const after = query.cursor === undefined ? undefined : decodeCursor(query.sort, keyType, query.cursor);
    const direction = descending ? -1 : 1;
    const filter = nodeFilter(query, query.quiet === undefined ? undefined : await this.quietUids(query.quiet));
    const find = (session: ClientSession) => {
      const search: Search = { filter, direction, wanted: query.limit + 1, session };
      return order === 'lastHeartbeat' ? this.byHeartbeat.find(search, after) : this.byField(search, order, after);
    };
    const [{ result: found, at }, total] = await Promise.all([
      readAsOf(this.connection, after?.at, find),
      query.total === true ? this.count(filter) : null,
    ]);
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    const more = found.length > query.limit && last !== undefined;
    const documents =
      after?.at === undefined ? items.map(({ document }) => document) : await this.asTheyAre(items, filter);
    return {
      items: documents.map(toNodeRecord),
      nextCursor: more ? encodeCursor(query.sort, { ...last.position, at }) : null,
      total,
    };
  }

  /** The order is of a while ago; what is shown of the nodes is of now, without those that are no longer asked for. */
  private async asTheyAre(items: readonly Found[], filter: QueryFilter<NodeDocument>): Promise<NodeDocument[]> {
    const documents = await this.nodes
      .find({ $and: [{ _id: { $in: items.map(({ document }) => document._id) } }, filter] })
      .lean<NodeDocument[]>();
    const byUid = new Map(documents.map((document) => [document._id, document]));
    return items.flatMap(({ document }) => byUid.get(document._id) ?? []);
  }

  private async byField(
    { filter, direction, wanted, session }: Search,
    order: keyof typeof FIELD_ORDERS,
    after: Position | undefined,
  ): Promise<Found[]> {
    const { path, keyOf, tie = '_id', every } = FIELD_ORDERS[order];
    const isUnique = FIELD_ORDERS[order].tie === undefined;
    const documents = await this.nodes
      .find({
        $and: [
          filter,
          { [path]: every },
          ...(after ? [beyond(path, tie, direction, after) as QueryFilter<NodeDocument>] : []),
        ],
      })
      .sort(isUnique ? { [path]: direction } : { [path]: direction, [tie]: direction })
      .limit(wanted)
      .session(session)
      .lean<NodeDocument[]>();
    return documents.map((document) => ({ document, position: { key: keyOf(document), id: document[tie] } }));
  }

  private async quietUids(quiet: Quiet): Promise<string[]> {
    const found = await this.heartbeats.find(quietHeartbeats(quiet), { _id: 1 }).lean<{ _id: string }[]>();
    return found.map(({ _id }) => _id);
  }

  private async count(filter: QueryFilter<NodeDocument>): Promise<number | null> {
    // A heartbeat's document lives and dies with each node, and MongoDB keeps count of them.
    if (!isFiltered(filter)) return this.heartbeats.estimatedDocumentCount();
    try {
      return await this.nodes.countDocuments(filter, { maxTimeMS: COUNT_WITHIN_MS });
    } catch (error) {
      if (isMaxTimeExpired(error)) return null;
      throw error;
    }
  }
}

/** The database gave up because the query took longer than it was allowed to. */
function isMaxTimeExpired(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === MAX_TIME_MS_EXPIRED;
}
