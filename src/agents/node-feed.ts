import type { Observable } from 'rxjs';

/** Uids of nodes whose record has changed; none where nothing has changed: the feed is up to date with the record as it was a moment ago. */
export type ChangedNodes = readonly string[];

/** What changes in nodes' records, whoever changes it. */
export abstract class NodeFeed {
  /** Errors where the database goes away; completes where the feed ends. */
  abstract follow(): Observable<ChangedNodes>;
}
