import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, PipelineStage } from 'mongoose';
import type { EventType } from '../../contract/audit.js';
import { SYSTEM, type EpochMs } from '../../contract/states.js';
import type { RecordedEvent } from '../record/event-store.js';
import { RetentionStore, type ExpiredRecord, type ExpiringKind } from '../retention/retention-store.js';
import type { SinkKind } from '../retention/audit-sink.js';
import { withEarlierNames, toEvent } from './mongo-event-store.js';
import { KNOWN_SINKS, FORGOTTEN_AFTER_S, type AuditSinkDocument } from './schemas/audit-sink.schema.js';
import { API_TOKENS, type ApiTokenDocument } from './schemas/api-token.schema.js';
import { DRAIN_SETS, type DrainSetDocument } from './schemas/drain-set.schema.js';
import { EVENTS, type EventDocument } from './schemas/event.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';
import { TOKENS, type TokenDocument } from './schemas/token.schema.js';

const COUNTED_AT_MOST = 10_000;

type Stored = { _id: string } & Record<string, unknown>;

@Injectable()
export class MongoRetentionStore extends RetentionStore {
  private readonly models: Record<ExpiringKind, Model<Stored>>;

  constructor(
    @InjectModel(EVENTS) private readonly events: Model<EventDocument>,
    @InjectModel(NODES) nodes: Model<NodeDocument>,
    @InjectModel(TOKENS) tokens: Model<TokenDocument>,
    @InjectModel(API_TOKENS) apiTokens: Model<ApiTokenDocument>,
    @InjectModel(DRAIN_SETS) drains: Model<DrainSetDocument>,
    @InjectModel(KNOWN_SINKS) private readonly sinks: Model<AuditSinkDocument>,
  ) {
    super();
    const models = { node: nodes, token: tokens, apiToken: apiTokens, drain: drains };
    this.models = models as unknown as typeof this.models;
  }

  async unexported(most: number): Promise<RecordedEvent[]> {
    const documents = await this.events
      .find({ exported: null as never })
      .sort({ at: 1 })
      .limit(most)
      .lean<EventDocument[]>();
    return documents.map(toEvent);
  }

  async backlog(): Promise<{ count: number; oldestAt: EpochMs | null }> {
    const unexported = { exported: null as never };
    const [count, oldest] = await Promise.all([
      this.events.countDocuments(unexported, { limit: COUNTED_AT_MOST }),
      this.events.findOne(unexported, { at: 1 }).sort({ at: 1 }).lean<Pick<EventDocument, 'at'>>(),
    ]);
    return { count, oldestAt: oldest?.at ?? null };
  }

  async markExported(ids: readonly string[]): Promise<void> {
    await this.events.updateMany({ _id: { $in: [...ids] } }, { $set: { exported: true } });
  }

  async dropEvents(
    types: readonly EventType[],
    before: EpochMs,
    { only, most }: { only: 'exported' | 'all'; most: number },
  ): Promise<number> {
    const over = {
      type: { $in: withEarlierNames(types) },
      at: { $lt: before },
      ...(only === 'exported' && { exported: true as const }),
    };
    const found = await this.events.find(over, { _id: 1 }).limit(most).lean<Pick<EventDocument, '_id'>[]>();
    if (found.length === 0) return 0;
    const { deletedCount } = await this.events.deleteMany({ ...over, _id: { $in: found.map(({ _id }) => _id) } });
    return deletedCount;
  }

  async expired(kind: ExpiringKind, before: EpochMs, most: number, after: string | null): Promise<ExpiredRecord[]> {
    const documents = await this.models[kind].aggregate<Stored>([
      ...(after === null ? [] : [{ $match: { _id: { $gt: after } } }]),
      ...OVER[kind](before),
      { $sort: { _id: 1 } },
      { $limit: most },
      { $unset: ['secretHash', 'former', 'living'] },
    ]);
    return documents.map(({ _id, ...record }) => ({
      id: _id,
      name: typeof record['name'] === 'string' ? record['name'] : null,
      record,
    }));
  }

  async drop(kind: ExpiringKind, ids: readonly string[]): Promise<void> {
    await this.models[kind].deleteMany({ _id: { $in: [...ids] } });
  }

  async announceSinks(kinds: readonly SinkKind[]): Promise<SinkKind[]> {
    for (const _id of kinds)
      await this.sinks.updateOne({ _id: { $eq: _id } }, [{ $set: { seenAt: '$$NOW' } }], {
        upsert: true,
        updatePipeline: true,
      });
    const known = await this.sinks
      .find({ $expr: { $gt: ['$seenAt', { $subtract: ['$$NOW', FORGOTTEN_AFTER_S * 1_000] }] } })
      .sort({ _id: 1 })
      .lean<AuditSinkDocument[]>();
    return known.map(({ _id }) => _id);
  }
}

/** Excludes the installation's token: while its file exists, a start would create it anew, and a revoked one would work again. */
const NOT_FROM_A_FILE = { createdBy: { $ne: SYSTEM } };

const ended = (before: EpochMs) => ({
  $or: [{ expiresAt: { $type: 'number', $lt: before } }, { revokedAt: { $type: 'number', $lt: before } }],
});

/** Records that are never written again: removed nodes, finished drain sets, expired and revoked tokens. */
const OVER: Record<ExpiringKind, (before: EpochMs) => PipelineStage[]> = {
  node: (before) => [
    {
      $match: {
        removedAt: { $type: 'number', $lt: before },
        living: { $exists: false },
        // Its workflow has applied the removal.
        unappliedSince: { $exists: false },
      },
    },
  ],
  token: (before) => [
    { $match: { ...ended(before), ...NOT_FROM_A_FILE } },
    {
      $lookup: {
        from: NODES,
        localField: 'nodeUid',
        foreignField: '_id',
        pipeline: [{ $match: { living: true } }, { $project: { _id: 1 } }],
        as: 'slot',
      },
    },
    // The unused token is what an expiring slot is found by.
    { $match: { $nor: [{ kind: 'bootstrap', uses: 0, revokedAt: null, slot: { $ne: [] } }] } },
    { $unset: 'slot' },
  ],
  apiToken: (before) => [{ $match: { ...ended(before), ...NOT_FROM_A_FILE } }],
  drain: (before) => [{ $match: { endedAt: { $type: 'number', $lt: before }, unfinished: { $exists: false } } }],
};
