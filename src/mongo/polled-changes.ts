import { setTimeout as pause } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { Observable, tap, type MonoTypeOperatorFunction, type Subscriber } from 'rxjs';

/** Between looks at an oplog that had nothing new, in milliseconds. */
const LOOK_EVERY_MS = 100;

/** What the driver can watch. */
type Watchable = Pick<mongo.Db, 'watch'>;

/**
 * A change stream that is looked at ten times a second, answer by answer: with the last change of each the follower is up to
 * date, and an answer without changes says the same. A stream that waits for changes would be woken by every write of the whole
 * database, of which heartbeats are thousands a second: it made each of them 20 µs dearer, on MongoDB 6.0.
 * @param source the collection or the database that is watched; undefined while there is no connection
 * @param pipeline lets through what is of interest
 */
export function polledChanges<Document extends mongo.Document, Change extends mongo.ChangeStreamDocument<Document>>(
  source: () => Watchable | undefined,
  pipeline: object[],
  options: mongo.ChangeStreamOptions = {},
): Observable<readonly Change[]> {
  return new Observable((subscriber) => {
    const stream = source()?.watch<Document, Change>(pipeline, { ...options, maxAwaitTimeMS: 1 });
    if (stream === undefined) return subscriber.error(new Error('MongoDB has not answered yet'));
    follow(stream, subscriber).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => void stream.close().catch(() => undefined);
  });
}

/** Tells that the server holds the cursor: what changes from now on comes. */
export function tapFirst<Value>(following: () => void): MonoTypeOperatorFunction<Value> {
  let isFirst = true;
  return tap(() => {
    if (isFirst) following();
    isFirst = false;
  });
}

async function follow<Document extends mongo.Document, Change extends mongo.ChangeStreamDocument<Document>>(
  stream: mongo.ChangeStream<Document, Change>,
  subscriber: Subscriber<readonly Change[]>,
): Promise<void> {
  let changes: Change[] = [];
  while (!subscriber.closed && !stream.closed) {
    const change = await stream.tryNext();
    if (change !== null) changes.push(change);
    if (change !== null && bufferedIn(stream) > 0) continue;
    subscriber.next(changes);
    if (changes.length === 0) await pause(LOOK_EVERY_MS);
    changes = [];
  }
}

/** Changes of the last answer that were not taken yet: the driver's cursor knows, its change stream does not say. */
function bufferedIn(stream: object): number {
  return (stream as { cursor: mongo.AbstractCursor }).cursor.bufferedCount();
}
