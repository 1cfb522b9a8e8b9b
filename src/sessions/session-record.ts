import type { Preview } from '../../contract/schemas/sessions.js';
import {
  LIVE_SESSION_STATES,
  type LiveSessionState,
  type SessionKind,
  type SessionResources,
  type SessionState,
} from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';

/** A session in the record. States only go forward, except that a node may bring back a LOST session. */
export interface SessionRecord {
  /** The id of a session that Rollcall placed; `<node's uid>/<id>` for one of another engine, since engines choose ids freely. */
  key: string;
  id: string;
  kind: SessionKind;
  principal: string;
  /** The query, shortened. */
  statement: string;
  /** The query; null where another engine runs it. */
  sql: string | null;
  state: SessionState;
  /** Why it is in this state; empty where that is obvious. */
  reason: string;
  /** Null until it is assigned. */
  node: { uid: string; name: string } | null;
  resources: SessionResources;
  labels: Record<string, string>;
  openedBy: string;
  openedAt: EpochMs;
  startedAt: EpochMs | null;
  endedAt: EpochMs | null;
  termination: { at: EpochMs; by: string; reason: string } | null;
  rows: number | null;
  resultFile: string | null;
  preview: Preview | null;
}

/** Fields of a session that has not begun. */
export const BEFORE_ITS_BEGIN = {
  startedAt: null,
  endedAt: null,
  termination: null,
  rows: null,
  resultFile: null,
  preview: null,
} as const satisfies Partial<SessionRecord>;

/** Whether it occupies resources of its node. */
export function isLive<Session extends { state: SessionState }>(
  session: Session,
): session is Session & { state: LiveSessionState } {
  return (LIVE_SESSION_STATES as readonly SessionState[]).includes(session.state);
}
