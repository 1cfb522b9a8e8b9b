import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { ClientSession, Model, QueryFilter } from 'mongoose';
import type { NodeOrder } from '../../contract/node-order.js';
import type { Position } from './cursor.js';
import { isFiltered } from './node-filter.js';
import { ABSENT, beyond, type Direction, type Found } from './page-position.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

/** Up to this many nodes are sorted in memory; among more, walking the heartbeats soon fills a page. */
const FEW = 2_000;

/** Maximum number of heartbeats read at once. */
const LONGEST_STEP = 4_000;
/** Factor by which a step exceeds its estimate: too long a step costs less than a second one. */
const SPARE = 1.2;

type Beat = Pick<HeartbeatDocument, '_id' | 'lastSeen' | 'used'>;

/** Fields of a heartbeat that nodes are ordered by; each has an index. */
const BEAT_ORDERS = {
  lastHeartbeat: { path: 'lastSeen', keyOf: ({ lastSeen }: Beat) => lastSeen },
  // Absent where no heartbeat came.
  cpu: { path: 'used.cpu', keyOf: ({ used }: Beat) => used?.cpu ?? ABSENT },
  memory: { path: 'used.memory', keyOf: ({ used }: Beat) => used?.memory ?? ABSENT },
} as const;
export type BeatOrder = keyof typeof BEAT_ORDERS;

export function isBeatOrder(order: string): order is BeatOrder {
  return order in BEAT_ORDERS;
}

/** Progress of the search for a page along the heartbeats. */
interface Walk {
  found: Found[];
  seen: number;
  last: Beat | undefined;
  /** No further heartbeats are left. */
  isOver: boolean;
}

/** What is searched for, and in which snapshot: see snapshot.ts. */
export interface Search<Order extends NodeOrder = NodeOrder> {
  order: Order;
  filter: QueryFilter<NodeDocument>;
  direction: Direction;
  wanted: number;
  session: ClientSession;
}

/**
 * Orders nodes by fields of their last heartbeat, which is in another collection than the fields that nodes are filtered by. Few matches are
 * looked up and sorted; among many, the heartbeats are walked in order. Each way is slow where the other is quick: walking to a node with a
 * rare label takes seconds.
 */
@Injectable()
export class HeartbeatOrder {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
  ) {}

  /** @returns up to `wanted` nodes that match the filter */
  async find(search: Search<BeatOrder>, after: Position | undefined): Promise<Found[]> {
    const { wanted } = search;
    let walk = await this.begin(search, after, wanted);
    // Where walking should soon fill the page, counting the matches is not worth its cost.
    while (!isDone(walk, wanted) && missing(walk, wanted) < FEW) walk = await this.stepOn(search, walk);
    if (isDone(walk, wanted)) return walk.found.slice(0, wanted);
    const few = await this.few(search);
    if (few === undefined) return this.walkOn(search, walk);
    return this.withNodes(search, await this.beats(search, after, wanted, { _id: { $in: few.map(({ _id }) => _id) } }));
  }

  /** All matches of the filter; undefined where there are more than FEW. */
  private async few({ filter, session }: Search<BeatOrder>): Promise<{ _id: string }[] | undefined> {
    if (!isFiltered(filter)) return undefined;
    const found = await this.nodes
      .find(filter, { _id: 1 })
      .limit(FEW + 1)
      .session(session)
      .lean<{ _id: string }[]>();
    return found.length > FEW ? undefined : found;
  }

  private async begin(search: Search<BeatOrder>, after: Position | undefined, step: number): Promise<Walk> {
    const beats = await this.beats(search, after, step);
    return {
      found: await this.withNodes(search, beats),
      seen: beats.length,
      last: beats.at(-1),
      isOver: beats.length < step,
    };
  }

  private async walkOn(search: Search<BeatOrder>, walk: Walk): Promise<Found[]> {
    while (!isDone(walk, search.wanted)) walk = await this.stepOn(search, walk);
    return walk.found.slice(0, search.wanted);
  }

  /** Reads as many heartbeats as should fill the page, judging by the share of matches so far; more where none was found. */
  private async stepOn(search: Search<BeatOrder>, walk: Walk): Promise<Walk> {
    const { found, seen, last } = walk;
    if (last === undefined) return walk;
    const step = found.length === 0 ? 2 * seen : Math.ceil(SPARE * missing(walk, search.wanted));
    const position = { key: BEAT_ORDERS[search.order].keyOf(last), id: last._id };
    const next = await this.begin(search, position, Math.min(step, LONGEST_STEP));
    return { found: [...found, ...next.found], seen: seen + next.seen, last: next.last, isOver: next.isOver };
  }

  private beats(
    { order, direction, session }: Search<BeatOrder>,
    after: Position | undefined,
    limit: number,
    among: { _id?: { $in: string[] } } = {},
  ): Promise<Beat[]> {
    const { path } = BEAT_ORDERS[order];
    const further = (after ? beyond(path, '_id', direction, after) : {}) as QueryFilter<HeartbeatDocument>;
    return this.heartbeats
      .find({ $and: [among, further] }, { [path]: 1 })
      .sort({ [path]: direction, _id: direction })
      .limit(limit)
      .session(session)
      .lean<Beat[]>();
  }

  /** The heartbeats whose nodes match the filter, in their order. */
  private async withNodes({ order, filter, session }: Search<BeatOrder>, beats: readonly Beat[]): Promise<Found[]> {
    const documents = await this.nodes
      .find({ $and: [{ _id: { $in: beats.map(({ _id }) => _id) } }, filter] })
      .session(session)
      .lean<NodeDocument[]>();
    const byUid = new Map(documents.map((document) => [document._id, document]));
    return beats.flatMap((beat) => {
      const document = byUid.get(beat._id);
      const key = BEAT_ORDERS[order].keyOf(beat);
      return document === undefined ? [] : [{ document, position: { key, id: beat._id } }];
    });
  }
}

function isDone({ found, isOver }: Walk, wanted: number): boolean {
  return found.length >= wanted || isOver;
}

/** Estimates how many more heartbeats the page takes, by the share of matches so far. */
function missing({ found, seen }: Walk, wanted: number): number {
  return found.length === 0 ? Infinity : ((wanted - found.length) * seen) / found.length;
}
