import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { ClientSession, Model, QueryFilter } from 'mongoose';
import type { Position } from './cursor.js';
import { isFiltered } from './node-filter.js';
import { beyond, type Direction, type Found } from './page-position.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

/** So many nodes are sorted by their heartbeats as they are; of more than these, walking the heartbeats soon finds a page. */
const FEW = 2_000;

/** Heartbeats that are read at once, at most. */
const LONGEST_STEP = 4_000;
/** A step is so much longer than it should have to be: another one costs more. */
const SPARE = 1.2;

type Beat = Pick<HeartbeatDocument, '_id' | 'lastSeen'>;

/** How far along the heartbeats the search for a page has come. */
interface Walk {
  found: Found[];
  seen: number;
  last: Beat | undefined;
  /** There are no further heartbeats. */
  isOver: boolean;
}

/** What is looked for, and as of which moment: see snapshot.ts. */
export interface Search {
  filter: QueryFilter<NodeDocument>;
  direction: Direction;
  wanted: number;
  session: ClientSession;
}

/**
 * The order by last heartbeat, which is in another collection than what nodes are filtered by. Two ways lead through it, and
 * each is slow where the other is quick: to look for a node with a rare label heartbeat by heartbeat takes seconds.
 */
@Injectable()
export class HeartbeatOrder {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
  ) {}

  /** @returns up to `wanted` nodes that the filter asks for */
  async find(search: Search, after: Position | undefined): Promise<Found[]> {
    const { wanted } = search;
    let walk = await this.begin(search, after, wanted);
    // Where walking should soon find the page, whether few are asked for is not worth a look.
    while (!isDone(walk, wanted) && missing(walk, wanted) < FEW) walk = await this.stepOn(search, walk);
    if (isDone(walk, wanted)) return walk.found.slice(0, wanted);
    const few = await this.few(search);
    if (few === undefined) return this.walkOn(search, walk);
    return this.withNodes(search, await this.beats(search, after, wanted, { _id: { $in: few.map(({ _id }) => _id) } }));
  }

  /** All that the filter asks for; undefined where they are more than a few. */
  private async few({ filter, session }: Search): Promise<{ _id: string }[] | undefined> {
    if (!isFiltered(filter)) return undefined;
    const found = await this.nodes
      .find(filter, { _id: 1 })
      .limit(FEW + 1)
      .session(session)
      .lean<{ _id: string }[]>();
    return found.length > FEW ? undefined : found;
  }

  private async begin(search: Search, after: Position | undefined, step: number): Promise<Walk> {
    const beats = await this.beats(search, after, step);
    return {
      found: await this.withNodes(search, beats),
      seen: beats.length,
      last: beats.at(-1),
      isOver: beats.length < step,
    };
  }

  private async walkOn(search: Search, walk: Walk): Promise<Found[]> {
    while (!isDone(walk, search.wanted)) walk = await this.stepOn(search, walk);
    return walk.found.slice(0, search.wanted);
  }

  /** A step as long as what is missing should take, by what was found on the way, and longer where nothing was. */
  private async stepOn(search: Search, walk: Walk): Promise<Walk> {
    const { found, seen, last } = walk;
    if (last === undefined) return walk;
    const step = found.length === 0 ? 2 * seen : Math.ceil(SPARE * missing(walk, search.wanted));
    const next = await this.begin(search, { key: last.lastSeen, id: last._id }, Math.min(step, LONGEST_STEP));
    return { found: [...found, ...next.found], seen: seen + next.seen, last: next.last, isOver: next.isOver };
  }

  private beats(
    { direction, session }: Search,
    after: Position | undefined,
    limit: number,
    among: { _id?: { $in: string[] } } = {},
  ): Promise<Beat[]> {
    return this.heartbeats
      .find({ $and: [among, after ? beyond('lastSeen', '_id', direction, after) : {}] }, { lastSeen: 1 })
      .sort({ lastSeen: direction, _id: direction })
      .limit(limit)
      .session(session)
      .lean<Beat[]>();
  }

  /** Those of the beats whose node is asked for, in their order. */
  private async withNodes({ filter, session }: Search, beats: readonly Beat[]): Promise<Found[]> {
    const documents = await this.nodes
      .find({ $and: [{ _id: { $in: beats.map(({ _id }) => _id) } }, filter] })
      .session(session)
      .lean<NodeDocument[]>();
    const byUid = new Map(documents.map((document) => [document._id, document]));
    return beats.flatMap(({ _id, lastSeen }) => {
      const document = byUid.get(_id);
      return document === undefined ? [] : [{ document, position: { key: lastSeen, id: _id } }];
    });
  }
}

function isDone({ found, isOver }: Walk, wanted: number): boolean {
  return found.length >= wanted || isOver;
}

/** How many more heartbeats the rest of the page should take, by what was found on the way. */
function missing({ found, seen }: Walk, wanted: number): number {
  return found.length === 0 ? Infinity : ((wanted - found.length) * seen) / found.length;
}
