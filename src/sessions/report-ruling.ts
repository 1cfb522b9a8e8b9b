import type { z } from 'zod';
import {
  MAX_ENDED_PER_REPORT,
  type endedSessionReportSchema,
  type liveSessionReportSchema,
} from '../../contract/schemas/sessions.js';
import { NO_RESOURCES, reservationFor, type CachedSession, type LiveSessionState } from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';
import { BEFORE_ITS_BEGIN, isLive, type SessionRecord } from './session-record.js';

type LiveSessionReport = z.output<typeof liveSessionReportSchema>;
type EndedSessionReport = z.output<typeof endedSessionReportSchema>;

/** Effects of a report on the records. */
export interface ReportRuling {
  /** Records to create: sessions that were unknown, or whose id an engine uses again. */
  made: SessionRecord[];
  changed: { key: string; changes: Partial<SessionRecord> }[];
  /** Keys of live sessions that the report left out, and about whose end the node is asked. */
  unclear: string[];
  /** Sessions for the workflow's session cache. */
  live: CachedSession[];
  /** Ids of sessions that the node still has although they have ended in the record. */
  terminate: string[];
}

/** Recorded sessions, without sql and preview. */
export interface KnownSessions {
  /** Sessions of the node and those with reported ids, by key. */
  byKey: ReadonlyMap<string, SessionRecord>;
  /** Live sessions of the node. */
  live: readonly SessionRecord[];
}

export function foreignKey(uid: string, id: string): string {
  return `${uid}/${id}`;
}

/** Compares a node's report with the records. The node decides what runs; a record that has finally ended stays ended. */
export function ruleOnReport(
  node: { uid: string; name: string },
  report: { live: readonly LiveSessionReport[]; ended: readonly EndedSessionReport[] },
  known: KnownSessions,
  at: EpochMs,
): ReportRuling {
  const ruling: ReportRuling = { made: [], changed: [], unclear: [], live: [], terminate: [] };
  const spokenOf = new Set<string>();

  /** The record that the node means by an id: its own where Rollcall placed it there, else one that is the node's alone. */
  const meant = (id: string): { key: string; record: SessionRecord | undefined } => {
    const placed = known.byKey.get(id);
    if (placed?.node?.uid === node.uid) return { key: id, record: placed };
    const key = foreignKey(node.uid, id);
    return { key, record: known.byKey.get(key) };
  };

  for (const session of report.live) {
    const { key, record } = meant(session.id);
    if (spokenOf.has(key)) continue;
    spokenOf.add(key);
    if (record === undefined || isReused(record, session.startedAt)) {
      const made = foreign(key, node, session, at);
      ruling.made.push({ ...made, state: session.state, startedAt: Date.parse(session.startedAt) });
      ruling.live.push(cached(made, session.state, Date.parse(session.startedAt)));
      continue;
    }
    const over = !isLive(record) && record.state !== 'LOST';
    const state = over || record.termination !== null ? 'TERMINATING' : session.state;
    const startedAt = Date.parse(session.startedAt);
    ruling.live.push(cached(record, state, startedAt));
    if (over) ruling.terminate.push(session.id);
    else if (record.state !== state || record.startedAt !== startedAt)
      ruling.changed.push({
        key,
        changes: { state, startedAt, ...(record.state === 'LOST' && { endedAt: null, reason: '' }) },
      });
  }

  for (const session of report.ended) {
    const { key, record } = meant(session.id);
    if (spokenOf.has(key)) continue;
    spokenOf.add(key);
    const { state, reason, rows, resultFile, preview } = session;
    const startedAt = session.startedAt === null ? null : Date.parse(session.startedAt);
    // A node whose clock is ahead says what has not been yet.
    const endedAt = Math.min(at, Date.parse(session.endedAt));
    const ending = {
      state,
      reason,
      rows,
      resultFile,
      preview,
      startedAt: startedAt ?? record?.startedAt ?? null,
      endedAt,
    };
    if (record === undefined || (session.startedAt !== null && isReused(record, session.startedAt))) {
      // What was never begun and nobody knows is nothing.
      if (session.startedAt !== null) ruling.made.push({ ...foreign(key, node, session, at), ...ending });
    } else if (isLive(record) || record.state === 'LOST') {
      ruling.changed.push({ key, changes: ending });
    }
  }

  for (const record of known.live) {
    // What is only reserved the node may not have heard of yet.
    if (spokenOf.has(record.key) || record.state === 'ASSIGNED') continue;
    if (report.ended.length >= MAX_ENDED_PER_REPORT) {
      // The rest comes with the next.
      ruling.unclear.push(record.key);
      continue;
    }
    const changes: Partial<SessionRecord> =
      record.termination === null
        ? { state: 'LOST', reason: 'its node no longer has it, and does not say how it ended', endedAt: at }
        : { state: 'TERMINATED', reason: record.termination.reason, endedAt: at };
    ruling.changed.push({ key: record.key, changes });
  }
  return ruling;
}

/** Engines choose ids as they please: one that began after the session of that id had ended is another. */
function isReused(record: SessionRecord, startedAt: string): boolean {
  return record.kind === 'external' && record.endedAt !== null && Date.parse(startedAt) > record.endedAt;
}

function foreign(
  key: string,
  node: { uid: string; name: string },
  session: LiveSessionReport | EndedSessionReport,
  at: EpochMs,
): SessionRecord {
  return {
    key,
    id: session.id,
    kind: 'external',
    principal: 'principal' in session ? session.principal : 'unknown',
    statement: 'statement' in session ? session.statement : '',
    sql: null,
    state: 'RUNNING',
    reason: '',
    node,
    resources: NO_RESOURCES,
    labels: {},
    openedBy: `agent:${node.name}`,
    openedAt: at,
    ...BEFORE_ITS_BEGIN,
  };
}

function cached(
  { id, kind, principal, statement, resources }: SessionRecord,
  state: LiveSessionState,
  startedAt: EpochMs,
): CachedSession {
  return {
    id,
    principal,
    statement,
    state,
    startedAt,
    ...(kind === 'managed' && { resources: reservationFor(resources) }),
  };
}
