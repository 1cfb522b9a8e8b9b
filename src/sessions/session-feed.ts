import type { Observable } from 'rxjs';

/** That a session's record changed. */
export interface ChangedSession {
  /** The record's key. */
  key: string;
  /** The node whose agent has something to do about it; null where none has. */
  pendingOn: string | null;
}

/** The changes of all sessions' records, whichever replica made them. */
export abstract class SessionFeed {
  /**
   * From the moment of the subscription on. Ends with an error where the database goes away.
   * @param upToDate called several times a second: all that had changed until then was told; before the first time nothing is
   */
  abstract follow(upToDate: () => void): Observable<ChangedSession>;
}
