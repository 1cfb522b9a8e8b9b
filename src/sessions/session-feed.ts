import type { Observable } from 'rxjs';

/** A change of a session's record. */
export interface ChangedSession {
  /** The record's key. */
  key: string;
  /** The node whose agent has to act on it; null where none has. */
  pendingOn: string | null;
}

/** Changes of all sessions' records, from any replica. */
export abstract class SessionFeed {
  /**
   * Changes from the subscription on. Fails where the database becomes unavailable.
   * @param upToDate called several times a second, when all changes up to then were emitted; earlier ones may be missing before the first call
   */
  abstract follow(upToDate: () => void): Observable<ChangedSession>;
}
