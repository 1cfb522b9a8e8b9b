import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo } from 'mongoose';
import { map, type Observable } from 'rxjs';
import { NodeFeed, type ChangedNodes } from '../agents/node-feed.js';
import { polledChanges } from './polled-changes.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

type Change = mongo.ChangeStreamUpdateDocument<NodeDocument>;

/** What is written beside a decision or an assignment: nobody waits for it. */
const BOOKKEEPING = /^(assignments|unappliedSince)(\.|$)/;

/** Of each change only the node's uid; none where all that has changed is bookkeeping. */
const BRIEFLY = [
  {
    $match: {
      $expr: {
        $or: [
          { $ne: ['$operationType', 'update'] },
          { $gt: [{ $size: { $ifNull: ['$updateDescription.removedFields', []] } }, 0] },
          {
            $anyElementTrue: {
              $map: { input: { $objectToArray: { $ifNull: ['$updateDescription.updatedFields', {}] } }, in: { $not: { $regexMatch: { input: '$$this.k', regex: BOOKKEEPING } } } },
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
    return polledChanges<NodeDocument, Change>(this.nodes, BRIEFLY).pipe(map((changes) => changes.map(({ documentKey }) => documentKey._id)));
  }
}
