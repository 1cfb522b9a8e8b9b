import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { LeaseStore } from '../temporal/lease-store.js';
import { isDuplicateKey } from './duplicate-key.js';
import { LEASES, type LeaseDocument } from './schemas/lease.schema.js';

/** Time is the database's, so that replicas whose clocks differ agree on when a lease has ended. */
@Injectable()
export class MongoLeaseStore extends LeaseStore {
  constructor(@InjectModel(LEASES) private readonly leases: Model<LeaseDocument>) {
    super();
  }

  async hold(lease: string, holder: string, forMs: number): Promise<boolean> {
    try {
      const result = await this.leases.updateOne(
        { _id: { $eq: lease }, $or: [{ holder: { $eq: holder } }, { $expr: { $lt: ['$until', '$$NOW'] } }] },
        [{ $set: { holder: { $literal: holder }, until: { $add: ['$$NOW', forMs] } } }],
        { upsert: true, updatePipeline: true },
      );
      return result.matchedCount + result.upsertedCount === 1;
    } catch (error) {
      // Somebody else has it: the filter found nothing, and the insert met their lease.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async release(lease: string, holder: string): Promise<void> {
    await this.leases.deleteOne({ _id: { $eq: lease }, holder: { $eq: holder } });
  }
}
