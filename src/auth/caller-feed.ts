import type { Observable } from 'rxjs';

/** The record of a caller: a node by its uid, an api token by its id, a login by its hash. */
export type CallerRecord = `node ${string}` | `token ${string}` | `login ${string}`;

/** Changed records. An empty list says that the feed is up to date. */
export type ChangedCallers = readonly CallerRecord[];

/** Changes of callers' records, by any replica. */
export abstract class CallerFeed {
  /** Fails where the database becomes unavailable; completes where the feed ends. */
  abstract follow(): Observable<ChangedCallers>;
}
