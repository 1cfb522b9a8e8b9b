import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, QueryFilter } from 'mongoose';
import type { Position } from './cursor.js';
import { isFiltered } from './node-filter.js';
import { beyond, type Direction, type Found } from './page-position.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

/** So many nodes are sorted by their heartbeats as they are; of more than these, walking the heartbeats soon finds a page. */
const FEW = 2_000;

type Beat = Pick<HeartbeatDocument, '_id' | 'lastSeen'>;

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
  async find(filter: QueryFilter<NodeDocument>, direction: Direction, after: Position | undefined, wanted: number): Promise<Found[]> {
    const few = isFiltered(filter) ? await this.nodes.find(filter, { _id: 1 }).limit(FEW + 1).lean<{ _id: string }[]>() : undefined;
    if (few === undefined || few.length > FEW) return this.walk(filter, direction, after, wanted);
    return this.withNodes(await this.beats(direction, after, wanted, { _id: { $in: few.map(({ _id }) => _id) } }), filter);
  }

  /** In steps that grow: where nodes that are asked for are far away, they are soon reached. */
  private async walk(filter: QueryFilter<NodeDocument>, direction: Direction, after: Position | undefined, wanted: number): Promise<Found[]> {
    const found: Found[] = [];
    let position = after;
    for (let step = wanted; found.length < wanted; step *= 2) {
      const beats = await this.beats(direction, position, step);
      found.push(...(await this.withNodes(beats, filter)));
      const last = beats.at(-1);
      if (last === undefined || beats.length < step) break;
      position = { key: last.lastSeen, id: last._id };
    }
    return found.slice(0, wanted);
  }

  private beats(direction: Direction, after: Position | undefined, limit: number, among: { _id?: { $in: string[] } } = {}): Promise<Beat[]> {
    return this.heartbeats
      .find({ $and: [among, after ? beyond('lastSeen', '_id', direction, after) : {}] }, { lastSeen: 1 })
      .sort({ lastSeen: direction, _id: direction })
      .limit(limit)
      .lean<Beat[]>();
  }

  /** Those of the beats whose node is asked for, in their order. */
  private async withNodes(beats: readonly Beat[], filter: QueryFilter<NodeDocument>): Promise<Found[]> {
    const documents = await this.nodes.find({ $and: [{ _id: { $in: beats.map(({ _id }) => _id) } }, filter] }).lean<NodeDocument[]>();
    const byUid = new Map(documents.map((document) => [document._id, document]));
    return beats.flatMap(({ _id, lastSeen }) => {
      const document = byUid.get(_id);
      return document === undefined ? [] : [{ document, position: { key: lastSeen, id: _id } }];
    });
  }
}
