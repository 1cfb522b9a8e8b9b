import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { PHASES, type Phase } from '../../contract/phase.js';
import { LIVENESSES, type EpochMs, type Liveness } from '../../contract/states.js';
import { ClusterStore, type ClusterSummary } from '../cluster/cluster-store.js';
import { HEARTBEATS } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

@Injectable()
export class MongoClusterStore extends ClusterStore {
  constructor(@InjectModel(NODES) private readonly nodes: Model<NodeDocument>) {
    super();
  }

  async summarize(quietBefore: EpochMs): Promise<ClusterSummary> {
    const [counts, healthy] = await Promise.all([this.countNodes(), this.sumHealthy(quietBefore)]);
    const summary: ClusterSummary = {
      total: 0,
      byPhase: zeroes(PHASES),
      byLiveness: zeroes(LIVENESSES),
      activeSessions: 0,
      ...healthy,
    };
    for (const { _id, nodes, activeSessions } of counts) {
      summary.total += nodes;
      summary.byPhase[_id.phase] += nodes;
      summary.byLiveness[_id.liveness] += nodes;
      summary.activeSessions += activeSessions;
    }
    return summary;
  }

  private countNodes() {
    return this.nodes.aggregate<{ _id: { phase: Phase; liveness: Liveness }; nodes: number; activeSessions: number }>([
      { $match: { living: true } },
      { $group: { _id: { phase: '$phase', liveness: '$liveness' }, nodes: { $sum: 1 }, activeSessions: { $sum: '$applied.view.activeSessions' } } },
    ]);
  }

  private async sumHealthy(quietBefore: EpochMs): Promise<Pick<ClusterSummary, 'warnings' | 'resources'>> {
    type Sums = ClusterSummary['resources'] & { warnings: number };
    const [sums] = await this.nodes.aggregate<Sums>([
      // What an api replica's machine has is not the cluster's to give away.
      { $match: { living: true, type: 'Compute', liveness: 'HEALTHY' } },
      { $lookup: { from: HEARTBEATS, localField: '_id', foreignField: '_id', as: 'heartbeat' } },
      { $unwind: '$heartbeat' },
      {
        $group: {
          _id: null,
          warnings: { $sum: { $cond: [{ $lt: ['$heartbeat.lastSeen', quietBefore] }, 1, 0] } },
          cpuCores: { $sum: '$heartbeat.resources.cpu.cores' },
          memoryTotalBytes: { $sum: '$heartbeat.resources.memory.totalBytes' },
          memoryUsedBytes: { $sum: '$heartbeat.resources.memory.usedBytes' },
          gpus: { $sum: { $size: { $ifNull: ['$heartbeat.resources.gpus', []] } } },
        },
      },
      { $unset: '_id' },
    ]);
    const { warnings, ...resources } = sums ?? { warnings: 0, cpuCores: 0, memoryTotalBytes: 0, memoryUsedBytes: 0, gpus: 0 };
    return { warnings, resources };
  }
}

function zeroes<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
}
