import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo } from 'mongoose';
import { concatMap, tap, type Observable } from 'rxjs';
import { SessionFeed, type ChangedSession } from '../sessions/session-feed.js';
import { polledChanges } from './polled-changes.js';
import { SESSIONS, type SessionDocument } from './schemas/session.schema.js';

type Change = mongo.ChangeStreamInsertDocument<SessionDocument>;

/** Reduces each change to the fields that waiters need. */
const BRIEFLY = [
  { $match: { operationType: { $in: ['insert', 'update', 'replace'] } } },
  { $project: { documentKey: 1, 'fullDocument.node.uid': 1, 'fullDocument.pending': 1 } },
];

/** A change stream over the sessions. */
@Injectable()
export class MongoSessionFeed extends SessionFeed {
  constructor(@InjectModel(SESSIONS) private readonly sessions: Model<SessionDocument>) {
    super();
  }

  follow(upToDate: () => void): Observable<ChangedSession> {
    return polledChanges<SessionDocument, Change>(() => this.sessions.collection, BRIEFLY, {
      fullDocument: 'updateLookup',
    }).pipe(
      tap(upToDate),
      concatMap((changes) => changes.map(toNote)),
    );
  }
}

function toNote({
  documentKey,
  fullDocument,
}: {
  documentKey: { _id: unknown };
  fullDocument?: Partial<SessionDocument> | null;
}): ChangedSession {
  return { key: String(documentKey._id), pendingOn: fullDocument?.pending ? (fullDocument.node?.uid ?? null) : null };
}
