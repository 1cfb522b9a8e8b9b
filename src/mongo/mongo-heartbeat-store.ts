import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EpochMs } from '../../contract/states.js';
import { EARLIER_BOOTS, HeartbeatStore, type Heartbeat, type LastHeartbeat } from '../heartbeats/heartbeat-store.js';
import { usedShares } from './used-shares.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';

@Injectable()
export class MongoHeartbeatStore extends HeartbeatStore {
  constructor(@InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>) {
    super();
  }

  /**
   * Uses the raw `update` command: heartbeats come by the thousand a second and are validated already; mongoose would cast each again, and the
   * driver's bulkWrite would measure each.
   */
  async record(beats: readonly Heartbeat[]): Promise<Heartbeat[]> {
    if (beats.length === 0) return [];
    const updates = beats.map((beat) => (beat.continuesBoot ? continuation(beat) : takeover(beat)));
    const answer = await this.heartbeats.db
      .getClient()
      .db(this.heartbeats.db.name)
      .command({ update: HEARTBEATS, updates, ordered: false, writeConcern: { w: 'majority', j: true } });
    const {
      n,
      writeErrors = [],
      writeConcernError,
    } = answer as { n: number; writeErrors?: { errmsg: string }[]; writeConcernError?: { errmsg: string } };
    const failure = writeErrors[0] ?? writeConcernError;
    if (failure) throw new Error(`MongoDB did not write heartbeats: ${failure.errmsg}`);
    return n === beats.length ? [] : this.withoutTrace(beats);
  }

  async read(uids: readonly string[]): Promise<Map<string, LastHeartbeat>> {
    const documents = await this.heartbeats
      .find({ _id: { $in: [...uids] }, lastSeen: { $gt: 0 } })
      .lean<HeartbeatDocument[]>();
    return new Map(
      documents.flatMap((document) => toHeartbeat(document)).map((heartbeat) => [heartbeat.uid, heartbeat]),
    );
  }

  async recordGoodbye(uid: string, bootId: string, at: EpochMs): Promise<void> {
    await this.heartbeats.updateOne({ _id: { $eq: uid }, bootId: { $eq: bootId } }, { $set: { saidGoodbyeAt: at } });
  }

  /** Finds the heartbeats that changed nothing. Rarely needed: the answer to `update` says how many changed something, not which. */
  private async withoutTrace(beats: readonly Heartbeat[]): Promise<Heartbeat[]> {
    const stored = await this.read(beats.map(({ uid }) => uid));
    return beats.filter(({ uid, bootId, seq }) => {
      const last = stored.get(uid);
      return last?.bootId !== bootId || last.seq !== seq;
    });
  }
}

/** Updates for the next heartbeat of the recorded boot. One of a boot that another has replaced matches nothing. */
function continuation({ uid, lastSeen, bootId, seq, intervalMs, resources }: Heartbeat) {
  const used = usedShares(resources);
  return {
    q: { _id: uid, bootId, seq: { $lt: seq } },
    u:
      intervalMs === undefined
        ? { $max: { lastSeen }, $set: { seq, resources, used }, $unset: { saidGoodbyeAt: 1, intervalMs: 1 } }
        : { $max: { lastSeen }, $set: { seq, resources, used, intervalMs }, $unset: { saidGoodbyeAt: 1 } },
  };
}

/** Updates for the first heartbeat of a boot, moving the recorded boot to the earlier ones. A pipeline, since it reads stored fields. */
function takeover({ uid, lastSeen, bootId, seq, intervalMs, resources }: Heartbeat) {
  const others = { $filter: { input: { $ifNull: ['$earlierBoots', []] }, cond: { $ne: ['$$this.bootId', bootId] } } };
  const isOther = { $and: [{ $ne: ['$bootId', null] }, { $ne: ['$bootId', bootId] }] };
  const last = { $cond: [isOther, [{ bootId: '$bootId', seq: '$seq' }], []] };
  return {
    // Never back in time: ordered by sequence number within a boot, by time of arrival between boots.
    q: {
      _id: uid,
      $or: [
        { bootId, seq: { $lt: seq } },
        { bootId: { $ne: bootId }, lastSeen: { $lte: lastSeen } },
      ],
    },
    u: [
      {
        $set: {
          lastSeen: { $max: ['$lastSeen', lastSeen] },
          bootId,
          seq,
          ...(intervalMs === undefined ? {} : { intervalMs }),
          resources: { $literal: resources },
          used: { $literal: usedShares(resources) },
          earlierBoots: { $slice: [{ $concatArrays: [last, others] }, EARLIER_BOOTS] },
        },
      },
      { $unset: intervalMs === undefined ? ['saidGoodbyeAt', 'intervalMs'] : ['saidGoodbyeAt'] },
    ],
  };
}

function toHeartbeat({
  _id,
  bootId,
  resources,
  earlierBoots = [],
  used: _used,
  ...same
}: HeartbeatDocument): LastHeartbeat[] {
  return bootId === null || resources === null ? [] : [{ ...same, uid: _id, bootId, resources, earlierBoots }];
}
