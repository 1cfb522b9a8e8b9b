import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { LIVE_SESSION_STATES } from '../../contract/sessions.js';
import type { NodeRecord } from '../record/node-record.js';
import type { NodeAddress } from '../lifecycle/lifecycle-signals.js';
import { Clock } from '../mechanics/clock.js';
import {
  ReconciliationStore,
  type Backlog,
  type SessionDrift,
  type ToldNode,
  type Unapplied,
} from '../reconciliation/reconciliation-store.js';
import { mendListKeys } from './list-keys.js';
import { toNodeRecord } from './node-mapping.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';
import { SESSION_REPORTS, type SessionReportDocument } from './schemas/session-report.schema.js';
import { SESSIONS, type SessionDocument } from './schemas/session.schema.js';

/** Limit of the count: above it, only that there are many matters. */
const COUNTED_AT_MOST = 10_000;

@Injectable()
export class MongoReconciliationStore extends ReconciliationStore {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(SESSIONS) private readonly sessions: Model<SessionDocument>,
    @InjectModel(SESSION_REPORTS) private readonly reports: Model<SessionReportDocument>,
    private readonly clock: Clock,
  ) {
    super();
  }

  async backlog(): Promise<Backlog> {
    const isUnapplied = { unappliedSince: { $exists: true } };
    const [unapplied, oldest] = await Promise.all([
      this.nodes.countDocuments(isUnapplied, { limit: COUNTED_AT_MOST }),
      this.nodes
        .findOne(isUnapplied, { unappliedSince: 1 })
        .sort({ unappliedSince: 1 })
        .lean<Pick<NodeDocument, 'unappliedSince'>>(),
    ]);
    return { unapplied, oldestMs: oldest === null ? 0 : Math.max(0, this.clock.now() - (oldest.unappliedSince ?? 0)) };
  }

  async unapplied(except: readonly string[], limit: number): Promise<Unapplied[]> {
    const documents = await this.nodes
      .find({ unappliedSince: { $exists: true }, _id: { $nin: [...except] } }, { 'decision.seq': 1 })
      .sort({ unappliedSince: 1 })
      .limit(limit)
      .lean<Pick<NodeDocument, '_id' | 'decision'>[]>();
    return documents.map(toUnapplied);
  }

  async stillUnapplied(uids: readonly string[]): Promise<Unapplied[]> {
    if (uids.length === 0) return [];
    const documents = await this.nodes
      .find({ _id: { $in: [...uids] }, unappliedSince: { $exists: true } }, { 'decision.seq': 1 })
      .lean<Pick<NodeDocument, '_id' | 'decision'>[]>();
    return documents.map(toUnapplied);
  }

  async read(uids: readonly string[]): Promise<NodeRecord[]> {
    const documents = await this.nodes.find({ _id: { $in: [...uids] } }).lean<NodeDocument[]>();
    return documents.map(toNodeRecord);
  }

  async settle(uid: string, seq: number): Promise<void> {
    await this.nodes.updateOne({ _id: { $eq: uid }, 'decision.seq': { $eq: seq } }, { $unset: { unappliedSince: 1 } });
  }

  async *told(): AsyncIterable<ToldNode> {
    const fields = {
      name: 1,
      'applied.run': 1,
      'applied.view.phase': 1,
      'applied.view.liveness.value': 1,
      'applied.view.approval.value': 1,
    };
    const documents = this.nodes
      .find({ living: true, applied: { $ne: null } }, fields)
      .lean<Pick<NodeDocument, '_id' | 'name' | 'applied'>>()
      .cursor();
    for await (const { _id, name, applied } of documents) {
      if (applied === null) continue;
      const { run, view } = applied;
      yield { uid: _id, name, run, phase: view.phase, liveness: view.liveness.value, approval: view.approval.value };
    }
  }

  async *begun(): AsyncIterable<NodeAddress> {
    const documents = this.nodes
      .find({ living: true, applied: { $ne: null } }, { name: 1 })
      .lean<Pick<NodeDocument, '_id' | 'name'>>()
      .cursor();
    for await (const { _id, name } of documents) yield { uid: _id, name };
  }

  async sessionDrifts(): Promise<SessionDrift[]> {
    const [recorded, holding] = await Promise.all([
      this.sessions.aggregate<{ _id: string | null; count: number }>([
        { $match: { state: { $in: [...LIVE_SESSION_STATES] } } },
        { $group: { _id: '$node.uid', count: { $sum: 1 } } },
      ]),
      this.nodes
        .find({ living: true, 'applied.view.activeSessions': { $gt: 0 } }, { 'applied.view.activeSessions': 1 })
        .lean<Pick<NodeDocument, '_id' | 'applied'>[]>(),
    ]);
    const inRecords = new Map(recorded.flatMap(({ _id, count }) => (_id === null ? [] : [[_id, count] as const])));
    const held = new Map(holding.map(({ _id, applied }) => [_id, applied?.view.activeSessions ?? 0]));
    return [...new Set([...inRecords.keys(), ...held.keys()])]
      .map((uid) => ({ uid, recorded: inRecords.get(uid) ?? 0, held: held.get(uid) ?? 0 }))
      .filter((one) => one.recorded !== one.held);
  }

  async mendLists(): Promise<number> {
    const db = this.nodes.db.db;
    if (db === undefined) return 0;
    let mended = 0;
    for (let batch = await mendListKeys(db, undefined); batch; batch = await mendListKeys(db, batch.position))
      mended += batch.mended;
    return mended;
  }

  async endReportsOfRemoved(): Promise<void> {
    const living = {
      from: NODES,
      localField: '_id',
      foreignField: '_id',
      pipeline: [{ $match: { living: true } }, { $project: { _id: 1 } }],
      as: 'living',
    };
    const dead = await this.reports.aggregate<{ _id: string }>([
      { $match: { over: { $exists: false } } },
      { $project: { _id: 1 } },
      { $lookup: living },
      { $match: { living: [] } },
    ]);
    await this.reports.updateMany(
      { _id: { $in: dead.map(({ _id }) => _id) } },
      { $set: { over: true, expiresAt: new Date() } },
    );
  }
}

function toUnapplied({ _id, decision }: Pick<NodeDocument, '_id' | 'decision'>): Unapplied {
  return { uid: _id, seq: decision.seq };
}
