import { Injectable } from '@nestjs/common';
import { InjectConnection, InjectModel } from '@nestjs/mongoose';
import { mongo, type ClientSession, type Connection, type Model, type QueryFilter } from 'mongoose';
import type { NodeOrder } from '../../contract/node-order.js';
import type { NodeListPage, NodeQuery, NodeRecord } from '../record/node-store.js';
import { decodeCursor, encodeCursor, type Position } from './cursor.js';
import { HeartbeatOrder, isBeatOrder, type BeatOrder, type Search } from './heartbeat-order.js';
import { hasWords, isFiltered, nodeFilter } from './node-filter.js';
import { toNodeRecord } from './node-mapping.js';
import { ABSENT, ABSENT_TEXT, beyond, type Direction, type Found } from './page-position.js';
import { overdueHeartbeats, quietHeartbeats, STOPPED_HEARTBEATS } from './quiet-filter.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, TEXT_INDEX, type NodeDocument } from './schemas/node.schema.js';
import { readAsOf } from './snapshot.js';

const MAX_TIME_MS_EXPIRED = 50;

/** Nodes that have the same are ordered by this. */
const BY_ID = 'listed.id';

/** Orders by a field of the node itself. Each is read off an index; `tie` is what orders nodes that have the same. */
const FIELD_ORDERS = {
  // Ids are unique among living nodes: a second key would only keep the sort from being read off an index.
  id: {
    path: BY_ID,
    keyType: 'string',
    keyOf: ({ listed }: NodeDocument) => listed?.id ?? ABSENT_TEXT,
    tie: undefined,
  },
  createdAt: { path: 'createdAt', keyType: 'number', keyOf: ({ createdAt }: NodeDocument) => createdAt, tie: '_id' },
  phase: { path: 'phase', keyType: 'string', keyOf: ({ phase }: NodeDocument) => phase, tie: BY_ID },
  // The worse, the later in the alphabet: HEALTHY, UNHEALTHY, UNKNOWN.
  status: { path: 'liveness', keyType: 'string', keyOf: ({ liveness }: NodeDocument) => liveness, tie: BY_ID },
  // Absent where no workflow has said anything of the node yet.
  activeSessions: {
    path: 'applied.view.activeSessions',
    keyType: 'number',
    keyOf: ({ applied }: NodeDocument) => applied?.view.activeSessions ?? ABSENT,
    tie: BY_ID,
  },
  // Absent where no agent has come yet.
  version: {
    path: 'listed.version',
    keyType: 'string',
    keyOf: ({ listed }: NodeDocument) => listed?.version ?? ABSENT_TEXT,
    tie: BY_ID,
  },
} as const satisfies Record<Exclude<NodeOrder, BeatOrder>, unknown>;

/** So many nodes are sorted as they are. */
const FEW = 2_000;

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
    const order = (descending ? query.sort.slice(1) : query.sort) as NodeOrder;
    const keyType = isBeatOrder(order) ? 'number' : FIELD_ORDERS[order].keyType;
    const after = query.cursor === undefined ? undefined : decodeCursor(query.sort, keyType, query.cursor);
    const direction: Direction = descending ? -1 : 1;
    const { attention } = query;
    const quiet = query.quiet && (await this.uidsOf(quietHeartbeats(query.quiet)));
    const overdue = attention?.any.includes('overdue')
      ? await this.uidsOf(overdueHeartbeats(attention.quiet, attention.timeoutMs))
      : undefined;
    const stopped =
      query.stopped || attention?.any.includes('lost') ? await this.uidsOf(STOPPED_HEARTBEATS) : undefined;
    const sought = query.q === undefined ? undefined : await this.soughtUids(query.q);
    const filter = nodeFilter(query, { quiet, overdue, stopped, sought });
    const bySearch = query.q !== undefined && sought === undefined;
    const find = (session: ClientSession) => {
      const search = { filter, direction, wanted: query.limit + 1, session };
      return isBeatOrder(order)
        ? this.byHeartbeat.find({ ...search, order }, after)
        : this.byField({ ...search, order, bySearch }, after);
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
    { order, filter, direction, wanted, session, bySearch }: Search<keyof typeof FIELD_ORDERS> & { bySearch: boolean },
    after: Position | undefined,
  ): Promise<Found[]> {
    const { path, keyOf, tie = '_id' } = FIELD_ORDERS[order];
    const isUnique = FIELD_ORDERS[order].tie === undefined;
    const documents = await this.nodes
      .find({
        $and: [
          filter,
          // Of every node it is true: with a condition on an index's first field MongoDB looks for words in the index instead of in each node.
          ...(bySearch ? [{ [path]: { $ne: ABSENT_TEXT } } as QueryFilter<NodeDocument>] : []),
          ...(after ? [beyond(path, tie, direction, after) as QueryFilter<NodeDocument>] : []),
        ],
      })
      .sort(isUnique ? { [path]: direction } : { [path]: direction, [tie]: direction })
      .limit(wanted)
      .session(session)
      .lean<NodeDocument[]>();
    return documents.map((document) => ({
      document,
      position: {
        key: keyOf(document),
        id: tie === BY_ID ? (document.listed?.id ?? ABSENT_TEXT) : document._id,
      },
    }));
  }

  /**
   * Of what has all these words, where that is few: MongoDB looks for them in an index, and would else as soon look into one node after the
   * other, in the list's order. Where they are many, that order soon comes by enough of them.
   */
  private async soughtUids(words: string): Promise<string[] | undefined> {
    const found = await this.nodes
      .find({ $and: [{ living: true }, ...hasWords(words)] }, { _id: 1 })
      .hint(TEXT_INDEX)
      .limit(FEW + 1)
      .lean<{ _id: string }[]>();
    return found.length > FEW ? undefined : found.map(({ _id }) => _id);
  }

  private async uidsOf(heartbeats: QueryFilter<HeartbeatDocument>): Promise<string[]> {
    const found = await this.heartbeats.find(heartbeats, { _id: 1 }).lean<{ _id: string }[]>();
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
