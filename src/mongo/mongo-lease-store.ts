import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, PipelineStage } from 'mongoose';
import { LeaseStore } from '../mechanics/lease-store.js';
import { isDuplicateKey } from './duplicate-key.js';
import { LEASES, type LeaseDocument } from './schemas/lease.schema.js';

/** Leases in MongoDB, by its clock, so that replicas whose clocks differ agree on when one has ended. */
@Injectable()
export class MongoLeaseStore extends LeaseStore {
  constructor(@InjectModel(LEASES) private readonly leases: Model<LeaseDocument>) {
    super();
  }

  async hold(lease: string, holder: string, forMs: number): Promise<boolean> {
    const take: PipelineStage.Set[] = [{ $set: { holder: { $literal: holder }, until: { $add: ['$$NOW', forMs] } } }];
    const free = { _id: { $eq: lease }, $or: [{ holder: { $eq: holder } }, { $expr: { $lt: ['$until', '$$NOW'] } }] };
    const taken = await this.leases.updateOne(free, take, { updatePipeline: true });
    return taken.matchedCount === 1 || this.takeFirst(lease, take);
  }

  /** Inserts a lease that nobody has ever held. */
  private async takeFirst(lease: string, take: PipelineStage.Set[]): Promise<boolean> {
    try {
      const nobodys = { _id: { $eq: lease }, holder: { $exists: false } };
      const made = await this.leases.updateOne(nobodys, take, { upsert: true, updatePipeline: true });
      return made.upsertedCount === 1;
    } catch (error) {
      // The lease is held: the filter matched nothing, and the insert met its document.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async release(lease: string, holder: string): Promise<void> {
    await this.leases.deleteOne({ _id: { $eq: lease }, holder: { $eq: holder } });
  }
}
