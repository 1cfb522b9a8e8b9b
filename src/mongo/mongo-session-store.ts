import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, QueryFilter } from 'mongoose';
import type { SessionChange } from '../../contract/lifecycle.js';
import type { Commands, SessionsReport } from '../../contract/schemas/sessions.js';
import { LIVE_SESSION_STATES, MAX_SESSIONS_PER_NODE } from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';
import type { Reach } from '../auth/reach.js';
import type { Page } from '../http/page.js';
import type { SessionsRecord } from '../record/live-sessions.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { isLive, type SessionRecord } from '../sessions/session-record.js';
import {
  SessionRetention,
  SessionStore,
  type PendingCommands,
  type SessionListQuery,
  type TakenReport,
} from '../sessions/session-store.js';
import { isDuplicateKey } from './duplicate-key.js';
import { pageOfLatest } from './latest-page.js';
import { fromPairs } from './node-mapping.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';
import { SESSION_REPORTS, type SessionReportDocument } from './schemas/session-report.schema.js';
import { SESSIONS, type SessionDocument } from './schemas/session.schema.js';
import { stateUpdate, toCachedSession, toSessionDocument, toSessionRecord, WITHOUT_BULK } from './session-mapping.js';
import { SessionReportTaker } from './session-report-taker.js';

const LIVE = { $in: [...LIVE_SESSION_STATES] };
const MAX_OPENED_AT_ONCE = 100;
/** Longer than any request that is still under way when its node is removed, in milliseconds. */
const REPORT_REMEMBERED_MS = 86_400_000;

@Injectable()
export class MongoSessionStore extends SessionStore {
  constructor(
    @InjectModel(SESSIONS) private readonly sessions: Model<SessionDocument>,
    @InjectModel(SESSION_REPORTS) private readonly reports: Model<SessionReportDocument>,
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    private readonly reportTaker: SessionReportTaker,
    private readonly unit: UnitOfWork,
    private readonly retention: SessionRetention,
  ) {
    super();
  }

  async create(session: SessionRecord): Promise<SessionRecord> {
    const document = toSessionDocument(session, this.retention.ms);
    // The insert fails where the session exists, except a failed one without a node, which is replaced.
    const nobodys = { _id: { $eq: session.key }, state: { $eq: 'FAILED' as const }, node: { $eq: null } };
    try {
      await this.sessions.replaceOne(nobodys, document, { upsert: true });
      return session;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const known = await this.sessions.findOne({ _id: { $eq: session.key } }).lean<SessionDocument>();
    return known ? toSessionRecord(known) : session;
  }

  async assign(
    sessions: readonly { key: string; reach: Pick<Reach, 'includes'> }[],
    { uid, name }: { uid: string; name: string },
  ): Promise<ReadonlyMap<string, 'assigned' | 'out of reach'> | 'out of service'> {
    return this.unit.run(async () => {
      const inService = {
        _id: { $eq: uid },
        living: true as const,
        'decision.approval.value': { $eq: 'APPROVED' as const },
        'decision.availability.value': { $eq: 'ACTIVE' as const },
        copied: { $eq: null },
        'credential.revokedAt': { $exists: false },
      };
      // A decision writes the node's document too, so the two are serialized and the later sees the earlier.
      const node = await this.nodes
        .findOneAndUpdate(inService, { $inc: { assignments: sessions.length } }, { projection: { labels: 1 } })
        .lean<Pick<NodeDocument, 'labels'>>();
      if (node === null) return 'out of service';
      const labels = fromPairs(node.labels);
      const within = sessions.filter(({ reach }) => reach.includes(labels)).map(({ key }) => key);
      const placing = await this.sessions
        .find({ _id: { $in: within }, state: { $eq: 'PLACING' } }, { _id: 1 })
        .lean<{ _id: string }[]>();
      const assigned = placing.map(({ _id }) => _id);
      await this.sessions.updateMany(
        { _id: { $in: assigned } },
        stateUpdate({ state: 'ASSIGNED', node: { uid, name } }, this.retention.ms),
      );
      return new Map([
        ...assigned.map((key) => [key, 'assigned'] as const),
        ...sessions.filter(({ key }) => !within.includes(key)).map(({ key }) => [key, 'out of reach'] as const),
      ]);
    });
  }

  async fail(key: string, reason: string, at: EpochMs): Promise<void> {
    await this.sessions.updateOne(
      { _id: { $eq: key }, state: { $eq: 'PLACING' } },
      stateUpdate({ state: 'FAILED', reason, endedAt: at }, this.retention.ms),
    );
  }

  async placing(limit: number): Promise<string[]> {
    const documents = await this.sessions
      .find({ state: { $eq: 'PLACING' } }, { _id: 1 })
      .sort({ openedAt: 1 })
      .limit(limit)
      .lean<{ _id: string }[]>();
    return documents.map(({ _id }) => _id);
  }

  async failAbandoned(keys: readonly string[], at: EpochMs): Promise<number> {
    if (keys.length === 0) return 0;
    const reason = 'the api stopped while it looked for a node';
    const { modifiedCount } = await this.sessions.updateMany(
      { _id: { $in: [...keys] }, state: { $eq: 'PLACING' } },
      stateUpdate({ state: 'FAILED', reason, endedAt: at }, this.retention.ms),
    );
    return modifiedCount;
  }

  async findById(id: string): Promise<SessionRecord[]> {
    const records = (
      await this.sessions
        .find({ id: { $eq: id } })
        .sort({ openedAt: -1 })
        .limit(MAX_OPENED_AT_ONCE)
        .lean<SessionDocument[]>()
    ).map(toSessionRecord);
    return [...records.filter(isLive), ...records.filter((record) => !isLive(record))];
  }

  async findByKey(key: string): Promise<SessionRecord | null> {
    const document = await this.sessions.findOne({ _id: { $eq: key } }).lean<SessionDocument>();
    return document && toSessionRecord(document);
  }

  async findOnNode(uid: string, id: string): Promise<SessionRecord | null> {
    const document = await this.sessions.findOne({ 'node.uid': { $eq: uid }, id: { $eq: id } }).lean<SessionDocument>();
    return document && toSessionRecord(document);
  }

  list({ states, node, principal, kind, ...page }: SessionListQuery): Promise<Page<SessionRecord>> {
    const filter: QueryFilter<SessionDocument> = {
      ...(states === undefined ? {} : { state: { $in: [...states] } }),
      ...(node === undefined ? {} : { 'node.name': { $eq: node } }),
      ...(principal === undefined ? {} : { principal: { $eq: principal } }),
      ...(kind === undefined ? {} : { kind: { $eq: kind } }),
    };
    return pageOfLatest<SessionDocument, SessionRecord>({
      model: this.sessions,
      filter,
      time: 'openedAt',
      page,
      map: toSessionRecord,
      without: WITHOUT_BULK,
    });
  }

  async recordOf(uid: string): Promise<SessionsRecord> {
    const [documents, report] = await Promise.all([
      this.sessions
        .find({ 'node.uid': { $eq: uid }, state: LIVE }, WITHOUT_BULK)
        .sort({ openedAt: 1 })
        .limit(MAX_SESSIONS_PER_NODE)
        .lean<SessionDocument[]>(),
      this.reports.findOne({ _id: { $eq: uid } }).lean<SessionReportDocument>(),
    ]);
    return { sessions: documents.map(toSessionRecord).flatMap(toCachedSession), reportedAt: report?.at ?? null };
  }

  async requestTermination(
    key: string,
    termination: { at: EpochMs; by: string; reason: string },
  ): Promise<SessionRecord | null> {
    await this.sessions.updateOne(
      { _id: { $eq: key }, state: { ...CHANGEABLE.TERMINATING } },
      this.terminating(termination),
    );
    return this.findByKey(key);
  }

  async applyChanges(uid: string, changes: readonly SessionChange[]): Promise<void> {
    if (changes.length === 0) return;
    const reportedAt = changes.some(({ state }) => state === 'LOST') ? await this.reportedAt(uid) : 0;
    const applied = changes.filter(({ state, at }) => state !== 'LOST' || at >= reportedAt);
    if (applied.length === 0) return;
    await this.sessions.bulkWrite(
      applied.map(({ id, state, at, by, reason }) => ({
        updateOne: {
          filter: { 'node.uid': { $eq: uid }, id: { $eq: id }, state: CHANGEABLE[state] },
          update:
            state === 'TERMINATING'
              ? this.terminating({ at, by, reason })
              : stateUpdate({ state, reason, endedAt: at }, this.retention.ms, state === 'LOST'),
        },
      })),
      { ordered: true },
    );
  }

  async loseAll(uid: string, reason: string, at: EpochMs): Promise<void> {
    await this.sessions.updateMany(
      { 'node.uid': { $eq: uid }, state: LIVE },
      stateUpdate({ state: 'LOST', reason, endedAt: at }, this.retention.ms),
    );
    // A report writes this document too, so the two are serialized and the later sees the earlier.
    const over = { over: true as const, expiresAt: new Date(at + REPORT_REMEMBERED_MS) };
    await this.reports.updateOne(
      { _id: { $eq: uid } },
      { $set: over, $setOnInsert: { bootId: '', seq: 0, at } },
      { upsert: true },
    );
  }

  async commandsFor(uid: string): Promise<PendingCommands> {
    const documents = await this.sessions
      .find({ 'node.uid': { $eq: uid }, pending: true }, { preview: 0 })
      .sort({ openedAt: 1 })
      .limit(2 * MAX_SESSIONS_PER_NODE)
      .lean<SessionDocument[]>();
    const records = documents.map(toSessionRecord);
    const commands: Commands = {
      open: records
        .filter(({ state }) => state === 'ASSIGNED')
        .slice(0, MAX_OPENED_AT_ONCE)
        .map(({ id, principal, sql, resources }) => ({ id, principal, sql: sql ?? '', resources })),
      terminate: records
        .filter(({ state }) => state === 'TERMINATING')
        .slice(0, MAX_SESSIONS_PER_NODE)
        .map(({ id, termination }) => ({ id, by: termination?.by ?? '', reason: termination?.reason ?? '' })),
      report: records.some(({ state }) => state === 'LOST' || state === 'RUNNING'),
    };
    return {
      commands,
      wantedAt: new Map(records.map(({ id, openedAt, termination }) => [id, termination?.at ?? openedAt])),
    };
  }

  nodesWithCommands(): Promise<string[]> {
    return this.sessions
      .distinct('node.uid', { pending: true })
      .then((uids) => uids.filter((uid) => typeof uid === 'string'));
  }

  takeReport(
    node: { uid: string; name: string },
    report: SessionsReport,
    at: EpochMs,
    allow?: (records: number) => void,
  ): Promise<TakenReport | 'removed' | null> {
    return this.reportTaker.take(node, report, at, allow);
  }

  private terminating(termination: { at: EpochMs; by: string; reason: string }) {
    return stateUpdate({ state: 'TERMINATING', termination, reason: termination.reason }, this.retention.ms);
  }

  private async reportedAt(uid: string): Promise<EpochMs> {
    return (await this.reports.findOne({ _id: { $eq: uid } }).lean<SessionReportDocument>())?.at ?? 0;
  }
}

/**
 * States that a workflow's change applies to. A session that its node has confirmed meanwhile does not fail for lack of a confirmation, and
 * the first request for a session's end is the one that counts.
 */
const CHANGEABLE = {
  TERMINATING: { $in: ['ASSIGNED', 'RUNNING'] },
  TERMINATED: LIVE,
  FAILED: { $in: ['ASSIGNED'] },
  LOST: LIVE,
} as const;
