import type { SessionChange } from '../../contract/lifecycle.js';
import type { Commands, sessionsReportSchema } from '../../contract/schemas/sessions.js';
import type { CachedSession, SessionKind, SessionState } from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';
import type { z } from 'zod';
import { LiveSessions } from '../record/live-sessions.js';
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

/** What became of a node's report: what its workflow is to hold, and what the node is to end. */
export interface TakenReport {
  /** When it was taken: later than every report of the node before it, whatever the clocks of the api's replicas say. */
  at: EpochMs;
  live: CachedSession[];
  /** Ids that the node still has and the cluster holds for ended for good. */
  terminate: string[];
  /** How many records are new or have changed. */
  written: number;
}

/** What a node's agent is to do, and since when. */
export interface PendingCommands {
  commands: Commands;
  /** When each of their sessions was asked for, or its end, by its id. */
  wantedAt: ReadonlyMap<string, EpochMs>;
}

/** The sessions' records: one document a session, majority writes. */
export abstract class SessionStore extends LiveSessions {
  /**
   * Keeps a session for which a node is being looked for. One that exists already is returned as it is; but one that no
   * node took is looked for anew.
   */
  abstract create(session: SessionRecord): Promise<SessionRecord>;

  /**
   * PLACING → ASSIGNED, where the node is living, approved, active, not copied and not waiting for its new token at that very moment: in one
   * transaction that also touches the node's document, so that no session is assigned after a deactivation was committed.
   * @returns the keys of those that are assigned now: of these sessions no other was still PLACING. `out of service` where
   * the node takes none any more.
   */
  abstract assign(
    keys: readonly string[],
    node: { uid: string; name: string },
  ): Promise<ReadonlySet<string> | 'out of service'>;

  /** PLACING → FAILED: no node took it. */
  abstract fail(key: string, reason: string, at: EpochMs): Promise<void>;

  /** Keys of those that are PLACING, the oldest first. */
  abstract placing(limit: number): Promise<string[]>;

  /** Of these sessions, those that are PLACING still → FAILED: whoever looked for a node is gone. @returns how many */
  abstract failAbandoned(keys: readonly string[], at: EpochMs): Promise<number>;

  /** Those of this id, living ones first, then the latest. More than one only where engines use the same id. */
  abstract findById(id: string): Promise<SessionRecord[]>;

  abstract findByKey(key: string): Promise<SessionRecord | null>;

  abstract findOnNode(uid: string, id: string): Promise<SessionRecord | null>;

  /** Latest first, without sql and preview. */
  abstract list(query: SessionListQuery): Promise<Page<SessionRecord>>;

  /** The uids of all nodes that have commands. */
  abstract nodesWithCommands(): Promise<string[]>;

  /** ASSIGNED or RUNNING → TERMINATING; others stay as they are. @returns the session as it is after; null where it does not exist */
  abstract requestTermination(
    key: string,
    termination: { at: EpochMs; by: string; reason: string },
  ): Promise<SessionRecord | null>;

  /** What a workflow did to the sessions of its node. Those that have ended, or belong to another node, are left as they are. */
  abstract applyChanges(uid: string, changes: readonly SessionChange[]): Promise<void>;

  /** The node was removed: nobody will hear of its sessions again, and no report of it is taken. */
  abstract loseAll(uid: string, reason: string, at: EpochMs): Promise<void>;

  /** What the node's agent is to begin and to end. */
  abstract commandsFor(uid: string): Promise<PendingCommands>;

  /**
   * Takes a node's report: its word on what runs and how what ended ended. Live records of the node that are in neither
   * list and were confirmed before become LOST (TERMINATED where that was asked for). LOST ones that it has are RUNNING again.
   * @param allow is told how many records would be new or change; what it throws leaves all as it was
   * @returns null where a later report of the same boot is known; `removed` where the node was, even if that came in between
   */
  abstract takeReport(
    node: { uid: string; name: string },
    report: z.output<typeof sessionsReportSchema>,
    at: EpochMs,
    allow?: (records: number) => void,
  ): Promise<TakenReport | 'removed' | null>;
}

/** How long the records of ended sessions stay. */
export class SessionRetention {
  /** @param ms in milliseconds */
  constructor(readonly ms: number) {}
}
