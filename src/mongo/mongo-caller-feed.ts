import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection, mongo } from 'mongoose';
import { map, share, type Observable } from 'rxjs';
import { CallerFeed, type CallerRecord, type ChangedCallers } from '../auth/caller-feed.js';
import { polledChanges } from './polled-changes.js';
import { API_TOKENS } from './schemas/api-token.schema.js';
import { LOGINS } from './schemas/login.schema.js';
import { NODES } from './schemas/node.schema.js';

type Change = mongo.ChangeStreamUpdateDocument;

const KINDS = { [NODES]: 'node', [API_TOKENS]: 'token', [LOGINS]: 'login' } as const;

/** Bookkeeping fields, which change nothing about what a caller may do. */
const BOOKKEEPING = /^(assignments|unappliedSince|lastUsedAt|checkingUntil|unansweredUntil|kept)(\.|$)/;

/** Reduces each change to which record it was about, and drops those of bookkeeping fields only. */
const BRIEFLY = [
  // A stage of its own: MongoDB applies it to the oplog, before it builds change events.
  { $match: { 'ns.coll': { $in: Object.keys(KINDS) } } },
  {
    $match: {
      $expr: {
        $or: [
          { $ne: ['$operationType', 'update'] },
          { $gt: [{ $size: { $ifNull: ['$updateDescription.removedFields', []] } }, 0] },
          {
            $anyElementTrue: {
              $map: {
                input: { $objectToArray: { $ifNull: ['$updateDescription.updatedFields', {}] } },
                in: { $not: { $regexMatch: { input: '$$this.k', regex: BOOKKEEPING } } },
              },
            },
          },
        ],
      },
    },
  },
  { $project: { 'documentKey._id': 1, 'ns.coll': 1 } },
];

/** One change stream over nodes, api tokens and logins, shared by all followers. */
@Injectable()
export class MongoCallerFeed extends CallerFeed {
  private readonly changes: Observable<ChangedCallers>;

  constructor(@InjectConnection() connection: Connection) {
    super();
    this.changes = polledChanges<mongo.Document, Change>(() => connection.db, BRIEFLY).pipe(
      map((changes) => changes.flatMap(toRecord)),
      share(),
    );
  }

  follow(): Observable<ChangedCallers> {
    return this.changes;
  }
}

function toRecord({ documentKey, ns }: Change): CallerRecord[] {
  const kind = KINDS[ns.coll as keyof typeof KINDS];
  return kind === undefined ? [] : [`${kind} ${String(documentKey._id)}`];
}
