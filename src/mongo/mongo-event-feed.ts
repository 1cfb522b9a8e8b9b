import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { mongo, type Model } from 'mongoose';
import { Observable } from 'rxjs';
import { BadPosition, EventFeed, type FedEvent } from '../events/event-feed.js';
import type { NodeEvent } from '../record/event-store.js';
import { EVENTS, type EventDocument } from './schemas/event.schema.js';

type Inserted = mongo.ChangeStreamInsertDocument<EventDocument>;

/** A change stream over the events of nodes; its resume tokens serve as positions. */
@Injectable()
export class MongoEventFeed extends EventFeed {
  constructor(@InjectModel(EVENTS) private readonly events: Model<EventDocument>) {
    super();
  }

  follow(position?: string): Observable<FedEvent> {
    return new Observable((subscriber) => {
      const stream = this.events.collection.watch<EventDocument, Inserted>(
        [{ $match: { operationType: 'insert', 'fullDocument.uid': { $type: 'string' } } }],
        position === undefined ? {} : { resumeAfter: { _data: position } },
      );
      stream.on('change', (change) => subscriber.next(toFed(change)));
      stream.on('error', (error) =>
        subscriber.error(position !== undefined && isBadPosition(error) ? new BadPosition() : error),
      );
      return () => void stream.close().catch(() => undefined);
    });
  }
}

function toFed({ _id: token, fullDocument: { _id: id, ...event } }: Inserted): FedEvent {
  return { event: { ...event, id } as NodeEvent, position: (token as { _data: string })._data };
}

/** InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost, and the errors for malformed tokens (FailedToParse and others). */
const BAD_POSITIONS = new Set<unknown>([260, 280, 286, 9, 50811]);

function isBadPosition(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && BAD_POSITIONS.has(error.code);
}
