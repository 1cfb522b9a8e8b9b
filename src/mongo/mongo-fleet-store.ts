import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { FLEET_STATES } from '../../contract/fleet-state.js';
import type { EpochMs } from '../../contract/states.js';
import { FleetStore, type FleetNode, type FleetPoint } from '../fleet/fleet-store.js';
import { isDuplicateKey } from './duplicate-key.js';
import { FLEET_HISTORY, type FleetHistoryDocument } from './schemas/fleet-history.schema.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

/** Documents per batch: few enough that decoding one does not block the event loop for long. */
const BATCH = 1_000;
const OF_NODES = { name: 1, phase: 1, liveness: 1, 'copied.since': 1, labels: 1 } as const;
const OF_HEARTBEATS = { lastSeen: 1, intervalMs: 1, used: 1, saidGoodbyeAt: 1 } as const;

type NodeRow = Pick<NodeDocument, '_id' | 'name' | 'phase' | 'liveness' | 'labels' | 'copied'>;
type HeartbeatRow = Pick<HeartbeatDocument, '_id' | 'lastSeen' | 'intervalMs' | 'used' | 'saidGoodbyeAt'>;

@Injectable()
export class MongoFleetStore extends FleetStore {
  constructor(
    @InjectModel(NODES) private readonly records: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
    @InjectModel(FLEET_HISTORY) private readonly history: Model<FleetHistoryDocument>,
  ) {
    super();
  }

  /** Uses the driver directly, since mongoose would process each field. */
  async nodes(): Promise<FleetNode[]> {
    const beats = new Map<string, HeartbeatRow>();
    const heartbeats = this.heartbeats.collection.find({}, { projection: OF_HEARTBEATS, batchSize: BATCH });
    for await (const row of heartbeats as unknown as AsyncIterable<HeartbeatRow>) beats.set(row._id, row);
    const nodes: FleetNode[] = [];
    const records = this.records.collection.find(
      { living: true, type: 'Compute' },
      { projection: OF_NODES, batchSize: BATCH },
    );
    for await (const row of records as unknown as AsyncIterable<NodeRow>) nodes.push(toNode(row, beats.get(row._id)));
    return nodes;
  }

  async isRecorded(minute: number): Promise<boolean> {
    return (await this.history.exists({ _id: { $eq: minute } })) !== null;
  }

  async record(minute: number, { at, states }: FleetPoint): Promise<void> {
    try {
      await this.history.insertMany([{ _id: minute, at: new Date(at), states }]);
    } catch (error) {
      // Another replica wrote this minute first.
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async points(from: EpochMs): Promise<FleetPoint[]> {
    const documents = await this.history
      .find({ at: { $gte: new Date(from) } })
      .sort({ at: 1 })
      .lean<FleetHistoryDocument[]>();
    return documents.map(({ at, states }) => ({
      at: at.getTime(),
      // States that only other versions count are left out.
      states: Object.fromEntries(FLEET_STATES.flatMap((state) => (states[state] ? [[state, states[state]]] : []))),
    }));
  }
}

function toNode({ name, phase, liveness, labels, copied }: NodeRow, beat: HeartbeatRow | undefined): FleetNode {
  return {
    name,
    phase,
    liveness,
    labels,
    copied: copied?.since !== undefined,
    isStopped: beat?.saidGoodbyeAt !== undefined,
    lastSeen: beat?.lastSeen ?? 0,
    intervalMs: beat?.intervalMs,
    used: beat?.used ?? null,
  };
}
