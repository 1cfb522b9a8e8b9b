import type { Preview } from '../../contract/schemas/sessions.js';
import {
  LIVE_SESSION_STATES,
  type LiveSessionState,
  type SessionKind,
  type SessionResources,
  type SessionState,
} from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';

/** A session as the record holds it. States only go forward; LOST alone is taken back, by its node. */
export interface SessionRecord {
  /** Its own where Rollcall placed it; `<node's uid>/<id>` where another engine shows it, since engines choose ids as they please. */
  key: string;
  id: string;
  kind: SessionKind;
  principal: string;
  /** Shortened. */
  statement: string;
  /** Null where another engine runs it. */
  sql: string | null;
  state: SessionState;
  /** Why it is in this state; empty where that goes without saying. */
  reason: string;
  /** Null until a node was found. */
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

/** What the record holds of a session that has not begun. */
export const BEFORE_ITS_BEGIN = {
  startedAt: null,
  endedAt: null,
  termination: null,
  rows: null,
  resultFile: null,
  preview: null,
} as const satisfies Partial<SessionRecord>;

/** Whether it occupies its node. */
export function isLive<Session extends { state: SessionState }>(
  session: Session,
): session is Session & { state: LiveSessionState } {
  return (LIVE_SESSION_STATES as readonly SessionState[]).includes(session.state);
}
