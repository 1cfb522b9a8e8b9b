import { isoTime } from '../../contract/iso-time.js';
import type { Session } from '../../contract/schemas/sessions.js';
import type { EpochMs } from '../../contract/states.js';
import type { SessionRecord } from './session-record.js';

/** A session as people see it. */
export function sessionView(record: SessionRecord, now: EpochMs): Session {
  const {
    id,
    kind,
    principal,
    statement,
    sql,
    state,
    reason,
    node,
    resources,
    labels,
    openedBy,
    openedAt,
    startedAt,
    endedAt,
    termination,
    rows,
    resultFile,
    preview,
  } = record;
  return {
    id,
    kind,
    principal,
    statement,
    sql,
    state,
    reason,
    node: node?.name ?? null,
    nodeUid: node?.uid ?? null,
    resources,
    labels,
    openedBy,
    openedAt: isoTime(openedAt),
    startedAt: startedAt === null ? null : isoTime(startedAt),
    endedAt: endedAt === null ? null : isoTime(endedAt),
    // The node's clock may be ahead of ours.
    elapsedMs: Math.max(0, (endedAt ?? now) - (startedAt ?? openedAt)),
    termination: termination && { at: isoTime(termination.at), by: termination.by, reason: termination.reason },
    rows,
    resultFile,
    preview,
  };
}
