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

/** The tie-breaker of most orders. */
const BY_ID = 'listed.id';

/** Orders by a field of the node itself. Each has an index; `tie` orders nodes with equal keys. */
const FIELD_ORDERS = {
  // Ids are unique among living nodes: a tie-breaker would only prevent an indexed sort.
  id: {
    path: BY_ID,
    keyType: 'string',
    keyOf: ({ listed }: NodeDocument) => listed?.id ?? ABSENT_TEXT,
    tie: undefined,
  },
  createdAt: { path: 'createdAt', keyType: 'number', keyOf: ({ createdAt }: NodeDocument) => createdAt, tie: '_id' },
  phase: { path: 'phase', keyType: 'string', keyOf: ({ phase }: NodeDocument) => phase, tie: BY_ID },
  // Alphabetical order happens to be by severity: HEALTHY, UNHEALTHY, UNKNOWN.
  status: { path: 'liveness', keyType: 'string', keyOf: ({ liveness }: NodeDocument) => liveness, tie: BY_ID },
  // Absent until the node's workflow has written its first projection.
  activeSessions: {
    path: 'applied.view.activeSessions',
    keyType: 'number',
    keyOf: ({ applied }: NodeDocument) => applied?.view.activeSessions ?? ABSENT,
    tie: BY_ID,
  },
  // Absent until an agent has reported its version.
  version: {
    path: 'listed.version',
    keyType: 'string',
    keyOf: ({ listed }: NodeDocument) => listed?.version ?? ABSENT_TEXT,
    tie: BY_ID,
  },
} as const satisfies Record<Exclude<NodeOrder, BeatOrder>, unknown>;

/** Up to this many matches are sorted in memory. */
const FEW = 2_000;

/** Time limit of a count, in milliseconds: a page whose total takes longer comes without it. */
const COUNT_WITHIN_MS = 1_000;

/**
 * Pages through living nodes in any of the list's orders. A page is read from a position by index, so deep pages are as cheap as the first.
 * All pages follow the order as of the moment when the first was read, so that a node that changes meanwhile is on exactly one of them.
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

  /** Reads the nodes as of now, since the order is older, and drops those that no longer match. */
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
          // True for every node: with a condition on its first field, MongoDB searches the index for words instead of each document.
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
   * Uids of nodes with all these words; undefined where there are more than a few. Few matches are looked up in the text index, since MongoDB
   * would otherwise read one node after the other in the list's order; among many matches, that order soon finds a page.
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
    // Each living node has exactly one heartbeat document, and MongoDB keeps their count.
    if (!isFiltered(filter)) return this.heartbeats.estimatedDocumentCount();
    try {
      return await this.nodes.countDocuments(filter, { maxTimeMS: COUNT_WITHIN_MS });
    } catch (error) {
      if (isMaxTimeExpired(error)) return null;
      throw error;
    }
  }
}

/** Whether MongoDB ended the query because of its time limit. */
function isMaxTimeExpired(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === MAX_TIME_MS_EXPIRED;
}
