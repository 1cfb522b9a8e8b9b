import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { ClusterIdentity } from '../cluster/cluster-identity.js';
import { isDuplicateKey } from './duplicate-key.js';
import { CLUSTER, type ClusterDocument } from './schemas/cluster.schema.js';

@Injectable()
export class MongoClusterIdentity extends ClusterIdentity {
  private known: string | undefined;

  constructor(@InjectModel(CLUSTER) private readonly cluster: Model<ClusterDocument>) {
    super();
  }

  async id(): Promise<string> {
    this.known ??= await this.readOrMake();
    return this.known;
  }

  private async readOrMake(): Promise<string> {
    const found = await this.cluster.findOne({ _id: { $eq: CLUSTER } }).lean<ClusterDocument>();
    if (found) return found.id;
    try {
      const [made] = await this.cluster.create([{ _id: CLUSTER, id: randomUUID(), madeAt: new Date() }]);
      if (made) return made.id;
    } catch (error) {
      // Another process inserted it first.
      if (!isDuplicateKey(error)) throw error;
    }
    return this.readOrMake();
  }
}
