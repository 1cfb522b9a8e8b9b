import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EpochMs } from '../../contract/states.js';
import { EARLIER_BOOTS, HeartbeatStore, type Heartbeat, type LastHeartbeat } from '../agents/heartbeat-store.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';

/** So many that one command stays well within the connection's time-out: what piled up in an outage must not fail for ever. */
const AT_ONCE = 2_000;

@Injectable()
export class MongoHeartbeatStore extends HeartbeatStore {
  constructor(@InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>) {
    super();
  }

  async record(beats: readonly Heartbeat[]): Promise<void> {
    for (let begin = 0; begin < beats.length; begin += AT_ONCE) await this.write(beats.slice(begin, begin + AT_ONCE));
  }

  async read(uids: readonly string[]): Promise<Map<string, LastHeartbeat>> {
    const documents = await this.heartbeats.find({ _id: { $in: [...uids] }, lastSeen: { $gt: 0 } }).lean<HeartbeatDocument[]>();
    return new Map(documents.flatMap((document) => toHeartbeat(document)).map((heartbeat) => [heartbeat.uid, heartbeat]));
  }

  async recordGoodbye(uid: string, bootId: string, at: EpochMs): Promise<void> {
    await this.heartbeats.updateOne({ _id: { $eq: uid }, bootId: { $eq: bootId } }, { $set: { saidGoodbyeAt: at } });
  }

  /** By the driver's own bulkWrite: these are thousands a second, checked already, and mongoose would cast each again. */
  private async write(beats: readonly Heartbeat[]): Promise<void> {
    await this.heartbeats.collection.bulkWrite(
      beats.map((beat) => ({ updateOne: beat.continuesBoot ? continuation(beat) : takeover(beat) })),
      { ordered: false },
    );
  }
}

/** The next heartbeat of the boot that is in the record. One whose boot is no longer there changes nothing: another took its place. */
function continuation({ uid, lastSeen, bootId, seq, resources }: Heartbeat) {
  return {
    filter: { _id: uid as never, bootId, seq: { $lt: seq } },
    update: { $max: { lastSeen }, $set: { seq, resources }, $unset: { saidGoodbyeAt: 1 } as const },
  };
}

/** The first heartbeat of a boot, which keeps the one before it among the earlier ones: a pipeline, since that reads what is stored. */
function takeover({ uid, lastSeen, bootId, seq, resources }: Heartbeat) {
  const others = { $filter: { input: { $ifNull: ['$earlierBoots', []] }, cond: { $ne: ['$$this.bootId', bootId] } } };
  const isOther = { $and: [{ $ne: ['$bootId', null] }, { $ne: ['$bootId', bootId] }] };
  const last = { $cond: [isOther, [{ bootId: '$bootId', seq: '$seq' }], []] };
  return {
    // Never back in time: within a boot its own count decides, between boots the api's clock does.
    filter: { _id: uid as never, $or: [{ bootId, seq: { $lt: seq } }, { bootId: { $ne: bootId }, lastSeen: { $lte: lastSeen } }] },
    update: [
      {
        $set: {
          lastSeen: { $max: ['$lastSeen', lastSeen] },
          bootId,
          seq,
          resources: { $literal: resources },
          earlierBoots: { $slice: [{ $concatArrays: [last, others] }, EARLIER_BOOTS] },
        },
      },
      { $unset: 'saidGoodbyeAt' },
    ],
  };
}

function toHeartbeat({ _id, bootId, resources, earlierBoots = [], ...same }: HeartbeatDocument): LastHeartbeat[] {
  return bootId === null || resources === null ? [] : [{ ...same, uid: _id, bootId, resources, earlierBoots }];
}
