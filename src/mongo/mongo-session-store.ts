import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { SessionTerminator } from '../../activities/ports.js';
import { Clock } from '../clock.js';
import { SessionStore, type SessionsRecord } from '../sessions/session-store.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';
import { SESSION_CACHES, type SessionCacheDocument } from './schemas/session-cache.schema.js';

/** Termination requests are on the node's document, which the api reads for every heartbeat anyway. */
@Injectable()
export class MongoSessionStore extends SessionStore implements SessionTerminator {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(SESSION_CACHES) private readonly caches: Model<SessionCacheDocument>,
    private readonly clock: Clock,
  ) {
    super();
  }

  async recordOf(uid: string): Promise<SessionsRecord> {
    const cache = await this.caches.findOne({ _id: { $eq: uid } }).lean<SessionCacheDocument>();
    return { sessions: cache?.sessions ?? [], reportedAt: cache?.reportedAt ?? null };
  }

  async settleTerminations(uid: string, heldSessionIds: readonly string[]): Promise<void> {
    await this.nodes.updateOne({ _id: { $eq: uid } }, { $pull: { terminations: { sessionId: { $nin: [...heldSessionIds] } } } });
  }

  async requestTermination({ uid, sessionIds, reason }: { uid: string; sessionIds: string[]; reason: string }): Promise<void> {
    if (sessionIds.length === 0) return;
    const at = this.clock.now();
    // One update a session, each only where it is not asked for yet: a retry of the activity changes nothing.
    await this.nodes.bulkWrite(
      sessionIds.map((sessionId) => ({
        updateOne: {
          filter: { _id: uid, living: true, 'terminations.sessionId': { $ne: sessionId } },
          update: { $push: { terminations: { sessionId, reason, at } } },
        },
      })),
    );
  }
}
