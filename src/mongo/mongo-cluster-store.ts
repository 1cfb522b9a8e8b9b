import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, QueryFilter } from 'mongoose';
import { PHASES, type Phase } from '../../contract/phase.js';
import { LIVENESSES, NODE_TYPES, type EpochMs, type Liveness, type NodeType } from '../../contract/states.js';
import { ClusterStore, type ClusterSummary } from '../cluster/cluster-store.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, SUMMARY_INDEX, type NodeDocument } from './schemas/node.schema.js';

type Healthy = Pick<ClusterSummary, 'warnings' | 'resources'>;

const NOTHING: Healthy = { warnings: 0, resources: { cpuCores: 0, cpuUsedCores: 0, memoryTotalBytes: 0, memoryUsedBytes: 0, gpus: 0 } };

/** With a condition on the first field of the index, which is what lets MongoDB answer from the index alone. */
const EVERY_NODE = { living: true as const, type: { $in: [...NODE_TYPES] } };

@Injectable()
export class MongoClusterStore extends ClusterStore {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
  ) {
    super();
  }

  async summarize(quietBefore: EpochMs): Promise<ClusterSummary> {
    const counts = await this.countNodes();
    const summary: ClusterSummary = {
      total: 0,
      byPhase: zeroes(PHASES),
      byLiveness: zeroes(LIVENESSES),
      activeSessions: 0,
      ...NOTHING,
    };
    let healthy = 0;
    for (const { _id, nodes, activeSessions } of counts) {
      summary.total += nodes;
      summary.byPhase[_id.phase] += nodes;
      summary.byLiveness[_id.liveness] += nodes;
      summary.activeSessions += activeSessions;
      if (_id.type === 'Compute' && _id.liveness === 'HEALTHY') healthy += nodes;
    }
    return { ...summary, ...(await this.sumHealthy(quietBefore, healthy > summary.total / 2)) };
  }

  /** Every field is in one index: no node's document is read. */
  private countNodes() {
    return this.nodes
      .aggregate<{ _id: { phase: Phase; liveness: Liveness; type: NodeType }; nodes: number; activeSessions: number }>([
        { $match: EVERY_NODE },
        { $group: { _id: { phase: '$phase', liveness: '$liveness', type: '$type' }, nodes: { $sum: 1 }, activeSessions: { $sum: '$applied.view.activeSessions' } } },
      ])
      .hint(SUMMARY_INDEX);
  }

  /**
   * One pass over the heartbeats, without looking up each one's node: whichever of the healthy and the others are fewer is
   * asked for by uid. What an api replica's machine has is not the cluster's to give away, so only Compute nodes count.
   */
  private async sumHealthy(quietBefore: EpochMs, mostAre: boolean): Promise<Healthy> {
    const uids = await this.uids(mostAre ? [{ type: 'Requester' }, { type: 'Compute', liveness: { $in: LIVENESSES.filter((liveness) => liveness !== 'HEALTHY') } }] : [{ type: 'Compute', liveness: 'HEALTHY' }]);
    type Sums = ClusterSummary['resources'] & { warnings: number };
    const [sums] = await this.heartbeats.aggregate<Sums>([
      { $match: { _id: mostAre ? { $nin: uids } : { $in: uids }, lastSeen: { $gt: 0 } } },
      {
        $group: {
          _id: null,
          warnings: { $sum: { $cond: [{ $lt: ['$lastSeen', quietBefore] }, 1, 0] } },
          cpuCores: { $sum: '$resources.cpu.cores' },
          cpuUsedCores: { $sum: { $multiply: ['$resources.cpu.cores', '$resources.cpu.utilization'] } },
          memoryTotalBytes: { $sum: '$resources.memory.totalBytes' },
          memoryUsedBytes: { $sum: '$resources.memory.usedBytes' },
          gpus: { $sum: { $size: { $ifNull: ['$resources.gpus', []] } } },
        },
      },
      { $unset: '_id' },
    ]);
    if (sums === undefined) return NOTHING;
    const { warnings, ...resources } = sums;
    return { warnings, resources };
  }

  /** Each filter by itself is answered from the index alone. */
  private async uids(filters: QueryFilter<NodeDocument>[]): Promise<string[]> {
    const found = await Promise.all(filters.map((filter) => this.nodes.find({ living: true, ...filter }, { _id: 1 }).hint(SUMMARY_INDEX).lean<{ _id: string }[]>()));
    return found.flat().map(({ _id }) => _id);
  }
}

function zeroes<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
}
