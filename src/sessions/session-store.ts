import type { CachedSession } from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';

/** A node's live sessions as the workflow last wrote them. */
export interface SessionsRecord {
  sessions: CachedSession[];
  /** When the node last reported its sessions; null where it never did. */
  reportedAt: EpochMs | null;
}

export abstract class SessionStore {
  /** Empty where nothing was written yet. */
  abstract recordOf(uid: string): Promise<SessionsRecord>;

  /**
   * The node has reported that it holds these sessions and no others: termination requests for sessions that are gone
   * are done.
   */
  abstract settleTerminations(uid: string, heldSessionIds: readonly string[]): Promise<void>;
}
