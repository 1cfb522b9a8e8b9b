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
  /** From the moment of the subscription, which `following` tells of. Ends with an error where the database goes away. */
  abstract follow(following: () => void): Observable<ChangedSession>;
}
