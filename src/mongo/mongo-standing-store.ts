import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { summaryOf } from '../record/node-summary.js';
import type { EarlierBoot } from '../heartbeats/heartbeat-store.js';
import { StandingStore, type GoodStanding, type LastBeat } from '../heartbeats/standing-store.js';
import { toNodeRecord } from './node-mapping.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

@Injectable()
export class MongoStandingStore extends StandingStore {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
  ) {
    super();
  }

  async read(uids: readonly string[]): Promise<Map<string, GoodStanding>> {
    const among = { _id: { $in: [...uids] } };
    const good = {
      ...among,
      living: true as const,
      'credential.revokedAt': { $exists: false },
      'decision.approval.value': { $ne: 'REJECTED' as const },
    };
    const [documents, beats] = await Promise.all([
      this.nodes.find(good, { info: 0, conditions: 0 }).lean<NodeDocument[]>(),
      this.heartbeats.find({ ...among, lastSeen: { $gt: 0 } }, { resources: 0 }).lean<HeartbeatDocument[]>(),
    ]);
    const heard = new Map(beats.map((beat) => [beat._id, beat]));
    return new Map(
      documents.flatMap((document) => {
        const { _id: uid, credential } = document;
        if (!credential) return [];
        const summary = summaryOf(toNodeRecord(document));
        const last = lastOf(heard.get(uid), summary.applied?.bootId);
        return [[uid, { summary, generation: credential.generation, ...(last && { last }) }]];
      }),
    );
  }
}

const NO_BOOTS: EarlierBoot[] = [];

/** What a replica keeps in memory of each node. Equal strings and empty lists are shared. */
function lastOf(beat: HeartbeatDocument | undefined, appliedBoot: string | undefined): LastBeat | undefined {
  if (beat === undefined || beat.bootId === null) return undefined;
  const { bootId, seq, lastSeen, earlierBoots = NO_BOOTS } = beat;
  return {
    bootId: bootId === appliedBoot ? appliedBoot : bootId,
    seq,
    lastSeen,
    earlierBoots: earlierBoots.length === 0 ? NO_BOOTS : earlierBoots,
  };
}
