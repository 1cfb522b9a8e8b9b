import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { SilenceSearch, SilenceSweepPorts, SilentNode } from '../../activities/silence-sweep-activities.js';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { MongoHeartbeatEvidence } from './mongo-heartbeat-evidence.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

/** Maximum number of nodes found by one pass. */
const MOST = 2_000;

/** Finds silent nodes by the index on `lastSeen`: the cost of a pass does not depend on how many nodes are not silent. */
@Injectable()
export class MongoSilentNodes implements Pick<SilenceSweepPorts, 'silence'> {
  constructor(
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    private readonly evidence: MongoHeartbeatEvidence,
    private readonly clock: Clock,
  ) {}

  readonly silence = {
    now: (): EpochMs => this.clock.now(),
    blindSince: (from: EpochMs, disconnectTimeoutMs: number): Promise<number> =>
      this.evidence.blindSince(from, disconnectTimeoutMs),
    fleetSize: (): Promise<number> => this.evidence.fleetSize(),
    find: (search: SilenceSearch): Promise<{ nodes: SilentNode[]; more: boolean }> => this.find(search),
    findHeld: (): Promise<SilentNode[]> => this.findHeld(),
  };

  private async findHeld(): Promise<SilentNode[]> {
    const nodes = await this.nodes
      .find({ living: true, 'applied.view.sessionsHeld': true }, { name: 1 })
      .limit(MOST)
      .lean<Pick<NodeDocument, '_id' | 'name'>[]>();
    return nodes.map(({ _id: uid, name }) => ({ uid, name }));
  }

  private async find({ after, until, still, beyond }: SilenceSearch): Promise<{ nodes: SilentNode[]; more: boolean }> {
    const heard = await this.heartbeats
      .find({ lastSeen: { $gt: Math.max(0, after), $lte: until } }, { _id: 1 })
      .lean<Pick<HeartbeatDocument, '_id'>[]>();
    const uids = heard.map(({ _id }) => _id).filter((uid) => uid > beyond);
    if (uids.length === 0) return { nodes: [], more: false };
    const nodes = await this.nodes
      .find({ _id: { $in: uids }, living: true, liveness: { $in: [...still] } }, { name: 1 })
      .sort({ _id: 1 })
      .limit(MOST)
      .lean<Pick<NodeDocument, '_id' | 'name'>[]>();
    return { nodes: nodes.map(({ _id: uid, name }) => ({ uid, name })), more: nodes.length === MOST };
  }
}
