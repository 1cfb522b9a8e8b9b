import type { Observable } from 'rxjs';

/** A record by which a caller is known: a node by its uid, an api token by its id, a browser's login by its hash. */
export type CallerRecord = `node ${string}` | `token ${string}` | `login ${string}`;

/** Which records have changed; none where nothing has: the feed is up to date with them as they were a moment ago. */
export type ChangedCallers = readonly CallerRecord[];

/** What changes in the records of callers, whoever changes it. */
export abstract class CallerFeed {
  /** Errors where the database goes away; completes where the feed ends. */
  abstract follow(): Observable<ChangedCallers>;
}
