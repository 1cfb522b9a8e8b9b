import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { NodeRecord } from '../nodes/node-record.js';
import type { NodeAddress } from '../temporal/lifecycle-signals.js';
import { ReconciliationStore, type Unapplied } from '../temporal/reconciliation-store.js';
import { toNodeRecord } from './node-mapping.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

@Injectable()
export class MongoReconciliationStore extends ReconciliationStore {
  constructor(@InjectModel(NODES) private readonly nodes: Model<NodeDocument>) {
    super();
  }

  async unapplied(except: readonly string[], limit: number): Promise<Unapplied[]> {
    const documents = await this.nodes
      .find({ unappliedSince: { $exists: true }, _id: { $nin: [...except] } }, { 'decision.seq': 1 })
      .sort({ unappliedSince: 1 })
      .limit(limit)
      .lean<Pick<NodeDocument, '_id' | 'decision'>[]>();
    return documents.map(toUnapplied);
  }

  async stillUnapplied(uids: readonly string[]): Promise<Unapplied[]> {
    if (uids.length === 0) return [];
    const documents = await this.nodes.find({ _id: { $in: [...uids] }, unappliedSince: { $exists: true } }, { 'decision.seq': 1 }).lean<Pick<NodeDocument, '_id' | 'decision'>[]>();
    return documents.map(toUnapplied);
  }

  async read(uids: readonly string[]): Promise<NodeRecord[]> {
    const documents = await this.nodes.find({ _id: { $in: [...uids] } }).lean<NodeDocument[]>();
    return documents.map(toNodeRecord);
  }

  async settle(uid: string, seq: number): Promise<void> {
    await this.nodes.updateOne({ _id: { $eq: uid }, 'decision.seq': { $eq: seq } }, { $unset: { unappliedSince: 1 } });
  }

  async *begun(): AsyncIterable<NodeAddress> {
    const documents = this.nodes.find({ living: true, applied: { $ne: null } }, { name: 1 }).lean<Pick<NodeDocument, '_id' | 'name'>>().cursor();
    for await (const { _id, name } of documents) yield { uid: _id, name };
  }
}

function toUnapplied({ _id, decision }: Pick<NodeDocument, '_id' | 'decision'>): Unapplied {
  return { uid: _id, seq: decision.seq };
}
