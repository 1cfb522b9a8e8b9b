import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { QuarantineStore, type Among, type NodeToJudge } from '../quarantine/quarantine-store.js';
import { CLUSTER, type ClusterDocument } from './schemas/cluster.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

const IS_OUT = { 'decision.availability.checks': { $exists: true } } as const;
/** Nodes that have taken themselves out of a quarantine, to which they come back. */
const WILL_BE_OUT = { 'decision.availability.beneath.checks': { $exists: true } } as const;
const FIELDS = { name: 1, phase: 1, decision: 1, conditions: 1, 'applied.view.heldBack': 1 } as const;

@Injectable()
export class MongoQuarantineStore extends QuarantineStore {
  constructor(
    @InjectModel(CLUSTER) private readonly cluster: Model<ClusterDocument>,
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
  ) {
    super();
  }

  async claim(): Promise<void> {
    const { matchedCount } = await this.cluster.updateOne({ _id: { $eq: CLUSTER } }, { $inc: { quarantines: 1 } });
    if (matchedCount === 0) throw new Error('the database does not know yet which cluster it is of');
  }

  async countOut(among: Among): Promise<number> {
    // One after the other: a transaction has one operation at a time.
    const out = await this.nodes.countDocuments({ ...living(among), ...IS_OUT });
    return out + (await this.nodes.countDocuments({ ...living(among), ...WILL_BE_OUT }));
  }

  countApproved(among: Among): Promise<number> {
    return this.nodes.countDocuments({ ...living(among), type: 'Compute', 'decision.approval.value': 'APPROVED' });
  }

  countHeldBack(): Promise<number> {
    return this.nodes.countDocuments({ living: true, 'applied.view.heldBack.since': { $exists: true } });
  }

  async *toJudge({ unfit }: { unfit: boolean }): AsyncIterable<NodeToJudge> {
    const wanted = [IS_OUT, ...(unfit ? [{ 'conditions.status': 'UNFIT' as const }] : [])];
    for (const filter of wanted) {
      const documents = this.nodes
        .find({ living: true, liveness: 'HEALTHY', ...filter }, FIELDS)
        .lean<Pick<NodeDocument, '_id' | 'name' | 'phase' | 'decision' | 'conditions' | 'applied'>>()
        .cursor();
      for await (const { _id, name, phase, decision, conditions = null, applied } of documents)
        yield { uid: _id, name, phase, decision, conditions, isHeldBack: applied?.view.heldBack !== undefined };
    }
  }
}

function living({ label }: Among) {
  return { living: true as const, ...(label && { labels: { $elemMatch: label } }) };
}
