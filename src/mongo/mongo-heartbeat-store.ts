import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EpochMs } from '../../contract/states.js';
import { HeartbeatStore, type Heartbeat, type LastHeartbeat } from '../agents/heartbeat-store.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';

@Injectable()
export class MongoHeartbeatStore extends HeartbeatStore {
  constructor(@InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>) {
    super();
  }

  async record(beats: readonly Heartbeat[]): Promise<void> {
    if (beats.length === 0) return;
    // The driver's own bulkWrite: these are thousands a second, checked already, and mongoose would cast each again.
    await this.heartbeats.collection.bulkWrite(
      beats.map(({ uid, lastSeen, bootId, seq, resources }) => ({
        updateOne: {
          // Never back in time: within a boot its own count decides, between boots the api's clock does.
          filter: { _id: uid as never, $or: [{ bootId, seq: { $lt: seq } }, { bootId: { $ne: bootId }, lastSeen: { $lt: lastSeen } }] },
          update: { $max: { lastSeen }, $set: { bootId, seq, resources }, $unset: { saidGoodbyeAt: 1 } },
        },
      })),
      { ordered: false },
    );
  }

  async read(uids: readonly string[]): Promise<Map<string, LastHeartbeat>> {
    const documents = await this.heartbeats.find({ _id: { $in: [...uids] }, lastSeen: { $gt: 0 } }).lean<HeartbeatDocument[]>();
    return new Map(documents.flatMap((document) => toHeartbeat(document)).map((heartbeat) => [heartbeat.uid, heartbeat]));
  }

  async recordGoodbye(uid: string, bootId: string, at: EpochMs): Promise<void> {
    await this.heartbeats.updateOne({ _id: { $eq: uid }, bootId: { $eq: bootId } }, { $set: { saidGoodbyeAt: at } });
  }
}

function toHeartbeat({ _id, bootId, resources, ...same }: HeartbeatDocument): LastHeartbeat[] {
  return bootId === null || resources === null ? [] : [{ ...same, uid: _id, bootId, resources }];
}
