import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo } from 'mongoose';
import { Observable, type Subscriber } from 'rxjs';
import { NodeFeed, type ChangedNodes } from '../agents/node-feed.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

type Change = mongo.ChangeStreamUpdateDocument<NodeDocument>;

/** MongoDB answers at least so often that nothing has changed, in milliseconds. */
const SAID_EVERY_MS = 200;

/** What agents report every minute, and what is written beside a decision: nobody waits for it. */
const REPORTED = /^(info|infoAt|assignments|unappliedSince)(\.|$)/;

/** Of each change only the node's uid; none where all that has changed is what the node reported. */
const BRIEFLY = [
  {
    $match: {
      $expr: {
        $or: [
          { $ne: ['$operationType', 'update'] },
          { $gt: [{ $size: { $ifNull: ['$updateDescription.removedFields', []] } }, 0] },
          {
            $anyElementTrue: {
              $map: { input: { $objectToArray: { $ifNull: ['$updateDescription.updatedFields', {}] } }, in: { $not: { $regexMatch: { input: '$$this.k', regex: REPORTED } } } },
            },
          },
        ],
      },
    },
  },
  { $project: { 'documentKey._id': 1 } },
];

/** A change stream over the nodes. */
@Injectable()
export class MongoNodeFeed extends NodeFeed {
  constructor(@InjectModel(NODES) private readonly nodes: Model<NodeDocument>) {
    super();
  }

  follow(): Observable<ChangedNodes> {
    return new Observable((subscriber) => {
      const stream = this.nodes.collection.watch<NodeDocument, Change>(BRIEFLY, { maxAwaitTimeMS: SAID_EVERY_MS });
      this.read(stream, subscriber).then(
        () => subscriber.complete(),
        (error: unknown) => subscriber.error(error),
      );
      return () => void stream.close().catch(() => undefined);
    });
  }

  /** Answer by answer: only with the last change of one is the feed up to date. */
  private async read(stream: mongo.ChangeStream<NodeDocument, Change>, subscriber: Subscriber<ChangedNodes>): Promise<void> {
    let changed: string[] = [];
    while (!subscriber.closed && !stream.closed) {
      const change = await stream.tryNext();
      if (change !== null) changed.push(change.documentKey._id);
      if (change !== null && bufferedIn(stream) > 0) continue;
      subscriber.next(changed);
      changed = [];
    }
  }
}

/** Changes of the last answer that were not taken yet: the driver's cursor knows, its change stream does not say. */
function bufferedIn(stream: mongo.ChangeStream<NodeDocument, Change>): number {
  return (stream as unknown as { cursor: mongo.AbstractCursor }).cursor.bufferedCount();
}
