import type { SessionChange } from '../../contract/lifecycle.js';
import type { Commands, sessionsReportSchema } from '../../contract/schemas/sessions.js';
import type { CachedSession, SessionKind, SessionState } from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';
import type { z } from 'zod';
import { LiveSessions } from '../record/live-sessions.js';
import type { Reach } from '../auth/reach.js';
import type { Page } from '../http/page.js';
import type { SessionRecord } from './session-record.js';

export interface SessionListQuery {
  states?: readonly SessionState[];
  node?: string;
  principal?: string;
  kind?: SessionKind;
  limit: number;
  cursor?: string;
}

/** Outcome of a node's report: sessions for its workflow, and sessions that the node is to end. */
export interface TakenReport {
  /** When it was taken: later than every earlier report of the node, whatever the replicas' clocks say. */
  at: EpochMs;
  live: CachedSession[];
  /** Ids of sessions that the node still has although they have ended in the record. */
  terminate: string[];
  /** Number of created and changed records. */
  written: number;
}

/** Commands to a node's agent. */
export interface PendingCommands {
  commands: Commands;
  /** When each session, or its end, was requested, by id. */
  wantedAt: ReadonlyMap<string, EpochMs>;
}

/** Records of sessions, one document each, with majority writes. */
export abstract class SessionStore extends LiveSessions {
  /** Creates a session in PLACING. An existing one is returned unchanged, unless it failed without a node: it is then placed again. */
  abstract create(session: SessionRecord): Promise<SessionRecord>;

  /**
   * PLACING → ASSIGNED, where the node is living, approved, active, not copied, and not waiting for its new token: in one transaction that also
   * writes the node's document, so that no session is assigned after a deactivation was committed.
   * @param sessions with the reach of whoever opens each: it is compared with the node's labels in the same transaction
   * @returns the outcome by key, without sessions that were no longer PLACING; `out of service` where the node takes none
   */
  abstract assign(
    sessions: readonly { key: string; reach: Pick<Reach, 'includes'> }[],
    node: { uid: string; name: string },
  ): Promise<ReadonlyMap<string, 'assigned' | 'out of reach'> | 'out of service'>;

  /** PLACING → FAILED, where no node took it. */
  abstract fail(key: string, reason: string, at: EpochMs): Promise<void>;

  /** Keys of sessions in PLACING, oldest first. */
  abstract placing(limit: number): Promise<string[]>;

  /** PLACING → FAILED for those of these sessions whose replica is gone. @returns their number */
  abstract failAbandoned(keys: readonly string[], at: EpochMs): Promise<number>;

  /** Sessions with this id, live ones first, then latest first. Several only where engines use the same id. */
  abstract findById(id: string): Promise<SessionRecord[]>;

  abstract findByKey(key: string): Promise<SessionRecord | null>;

  abstract findOnNode(uid: string, id: string): Promise<SessionRecord | null>;

  /** Latest first, without sql and preview. */
  abstract list(query: SessionListQuery): Promise<Page<SessionRecord>>;

  /** The uids of all nodes that have commands. */
  abstract nodesWithCommands(): Promise<string[]>;

  /** ASSIGNED or RUNNING → TERMINATING; other states are unchanged. @returns the session afterwards; null where it does not exist */
  abstract requestTermination(
    key: string,
    termination: { at: EpochMs; by: string; reason: string },
  ): Promise<SessionRecord | null>;

  /** Applies a workflow's changes to sessions of its node. Sessions that have ended, or belong to another node, are unchanged. */
  abstract applyChanges(uid: string, changes: readonly SessionChange[]): Promise<void>;

  /** Marks all sessions of a removed node as LOST, and refuses further reports of it. */
  abstract loseAll(uid: string, reason: string, at: EpochMs): Promise<void>;

  /** Sessions that the node's agent is to begin and to end. */
  abstract commandsFor(uid: string): Promise<PendingCommands>;

  /**
   * Takes a node's report of its live and ended sessions. Confirmed live records that are in neither list become LOST, or TERMINATED where that was
   * requested. LOST sessions that the node has are RUNNING again.
   * @param allow called with the number of records that would be created or changed; where it throws, nothing is written
   * @returns null where a later report of the same boot is known; `removed` where the node is removed, even meanwhile
   */
  abstract takeReport(
    node: { uid: string; name: string },
    report: z.output<typeof sessionsReportSchema>,
    at: EpochMs,
    allow?: (records: number) => void,
  ): Promise<TakenReport | 'removed' | null>;
}

/** How long records of ended sessions are kept. */
export class SessionRetention {
  /** @param ms in milliseconds */
  constructor(readonly ms: number) {}
}
