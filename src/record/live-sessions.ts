import type { CachedSession } from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';

/** A node's live sessions as the record holds them. */
export interface SessionsRecord {
  sessions: CachedSession[];
  /** When the node last reported its sessions; null where it never did. */
  reportedAt: EpochMs | null;
}

/** Access to nodes' live sessions in the record. */
export abstract class LiveSessions {
  abstract recordOf(uid: string): Promise<SessionsRecord>;
}
