import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { AnyBulkWriteOperation, Model } from 'mongoose';
import { LIVE_SESSION_STATES } from '../../contract/sessions.js';
import type { SessionsReport } from '../../contract/schemas/sessions.js';
import type { EpochMs } from '../../contract/states.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { foreignKey, ruleOnReport, type ReportRuling } from '../sessions/report-ruling.js';
import { SessionRetention, type TakenReport } from '../sessions/session-store.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { SESSION_REPORTS, type SessionReportDocument } from './schemas/session-report.schema.js';
import { SESSIONS, type SessionDocument } from './schemas/session.schema.js';
import { stateUpdate, toSessionDocument, toSessionRecord, WITHOUT_BULK } from './session-mapping.js';

/** Records nodes' reports of their sessions: each atomically, and those of one node in order. */
@Injectable()
export class SessionReportTaker {
  constructor(
    @InjectModel(SESSIONS) private readonly sessions: Model<SessionDocument>,
    @InjectModel(SESSION_REPORTS) private readonly reports: Model<SessionReportDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
    private readonly unit: UnitOfWork,
    private readonly retention: SessionRetention,
  ) {}

  /** @returns null where a later report of this boot, or one of a later boot, is known; `removed` where the node is removed */
  take(
    { uid, name }: { uid: string; name: string },
    report: SessionsReport,
    now: EpochMs,
    allow: (records: number) => void = () => undefined,
  ): Promise<TakenReport | 'removed' | null> {
    return this.unit.run(async () => {
      const at = await this.fence(uid, report, now);
      if (at === null || at === 'removed') return at;
      const ruling = ruleOnReport({ uid, name }, report, await this.known(uid, report), at);
      const written = ruling.made.length + ruling.changed.length;
      allow(written);
      // The report answers every question that the node was asked.
      await this.sessions.updateMany(
        { 'node.uid': { $eq: uid }, state: { $in: ['LOST', 'RUNNING'] }, pending: true },
        { $unset: { pending: 1 } },
      );
      await this.write(ruling);
      if (written > 0) await this.forgetOldest(uid);
      return { at, live: ruling.live, terminate: ruling.terminate, written };
    });
  }

  /** Every report writes this document, so that of two at once one comes after the other. A report that is sent again is taken again. */
  private async fence(uid: string, { bootId, seq }: SessionsReport, now: EpochMs): Promise<EpochMs | 'removed' | null> {
    const last = await this.reports.findOne({ _id: { $eq: uid } }).lean<SessionReportDocument>();
    if (last?.over) return 'removed';
    if (last?.bootId === bootId && last.seq > seq) return null;
    if (last && last.bootId !== bootId && (await this.isEarlierBoot(uid, bootId))) return null;
    const at = Math.max(now, (last?.at ?? 0) + 1);
    await this.reports.updateOne({ _id: { $eq: uid } }, { $set: { bootId, seq, at } }, { upsert: true });
    return at;
  }

  private async isEarlierBoot(uid: string, bootId: string): Promise<boolean> {
    const heartbeat = await this.heartbeats
      .findOne({ _id: { $eq: uid } }, { bootId: 1, earlierBoots: 1 })
      .lean<HeartbeatDocument>();
    return heartbeat?.bootId !== bootId && (heartbeat?.earlierBoots ?? []).some((boot) => boot.bootId === bootId);
  }

  private async known(uid: string, { live, ended }: SessionsReport) {
    const keys = [...live, ...ended].flatMap(({ id }) => [id, foreignKey(uid, id)]);
    const documents = await this.sessions
      .find(
        { $or: [{ _id: { $in: keys } }, { 'node.uid': { $eq: uid }, state: { $in: [...LIVE_SESSION_STATES] } }] },
        WITHOUT_BULK,
      )
      .lean<SessionDocument[]>();
    const records = documents.map(toSessionRecord);
    return {
      byKey: new Map(records.map((record) => [record.key, record])),
      live: records.filter(({ node, state }) => node?.uid === uid && LIVE.has(state)),
    };
  }

  /** Of another engine's sessions that have ended the latest stay: their ids are the node's to choose, and so many of them could drown all others. */
  private async forgetOldest(uid: string): Promise<void> {
    const ended = { 'node.uid': { $eq: uid }, kind: { $eq: 'external' as const }, endedAt: { $gt: 0 } };
    const oldest = await this.sessions
      .find(ended, { _id: 1 })
      .sort({ endedAt: -1 })
      .skip(MOST_ENDED_EXTERNAL)
      .lean<{ _id: string }[]>();
    if (oldest.length > 0) await this.sessions.deleteMany({ _id: { $in: oldest.map(({ _id }) => _id) } });
  }

  private async write({ made, changed, unclear }: ReportRuling): Promise<void> {
    const operations: AnyBulkWriteOperation<SessionDocument>[] = [
      ...made.map((record) => ({
        replaceOne: {
          filter: { _id: record.key },
          replacement: toSessionDocument(record, this.retention.ms),
          upsert: true,
        },
      })),
      ...changed.map(({ key, changes: { state, key: _same, labels: _never, ...changes } }) => {
        if (state === undefined) throw new Error('a report changes states only');
        return { updateOne: { filter: { _id: key }, update: stateUpdate({ ...changes, state }, this.retention.ms) } };
      }),
      ...unclear.map((key) => ({ updateOne: { filter: { _id: key }, update: { $set: { pending: true as const } } } })),
    ];
    if (operations.length > 0) await this.sessions.bulkWrite(operations, { ordered: false });
  }
}

/** Records of ended sessions of a node's other engines. */
const MOST_ENDED_EXTERNAL = 1_000;
const LIVE = new Set<string>(LIVE_SESSION_STATES);
