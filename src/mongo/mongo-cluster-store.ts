import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo } from 'mongoose';
import { concatMap, type Observable } from 'rxjs';
import type { Quiet } from '../../contract/health.js';
import { NODE_TYPES } from '../../contract/states.js';
import type { EpochMs } from '../../contract/states.js';
import { ClusterStore, type HeartbeatSums, type NeedyNodes, type TallyChange } from '../cluster/cluster-store.js';
import type { NamedNodes, NodeTally } from '../cluster/node-counts.js';
import { attentionFilter } from './attention-filter.js';
import { polledChanges, tapFirst } from './polled-changes.js';
import { isPastTimeout, isQuiet, STOPPED_HEARTBEATS } from './quiet-filter.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, SUMMARY_INDEX, type NodeDocument } from './schemas/node.schema.js';

const NOTHING: HeartbeatSums = {
  warnings: 0,
  overdue: 0,
  resources: { cpuCores: 0, cpuUsedCores: 0, memoryTotalBytes: 0, memoryUsedBytes: 0, gpus: 0 },
};

/** Matches every node, with a condition on the index's first field, so that MongoDB answers from the index alone. */
const EVERY_NODE = { living: true as const, type: { $in: [...NODE_TYPES] } };
const TALLY = { type: 1, phase: 1, liveness: 1, 'applied.view.activeSessions': 1 } as const;
/** Documents per batch: few enough that decoding one does not block the event loop for long. */
const BATCH = 2_000;

/** The counted fields of a node's document. */
interface Row {
  _id: string;
  type: NodeTally['type'];
  phase: NodeTally['phase'];
  liveness: NodeTally['liveness'];
  living?: true;
  applied?: { view?: { activeSessions?: number } } | null;
}

type Change = mongo.ChangeStreamUpdateDocument<NodeDocument> | mongo.ChangeStreamDeleteDocument<NodeDocument>;

/** Matches changed fields that are counted or contain counted ones; not the agents' information, which changes all the time. */
const COUNTED_FIELD = '^(living|type|phase|liveness|applied)(\\.|$)';
/** Filters changes before MongoDB looks up their documents. */
const COUNTED_CHANGES = [
  {
    $match: {
      $or: [
        { operationType: { $in: ['insert', 'replace', 'delete'] } },
        { 'updateDescription.removedFields': 'living' },
        {
          $expr: {
            $anyElementTrue: [
              {
                $map: {
                  input: { $objectToArray: { $ifNull: ['$updateDescription.updatedFields', {}] } },
                  in: { $regexMatch: { input: '$$this.k', regex: COUNTED_FIELD } },
                },
              },
            ],
          },
        },
      ],
    },
  },
  { $project: { operationType: 1, documentKey: 1, fullDocument: { living: 1, ...TALLY } } },
];

@Injectable()
export class MongoClusterStore extends ClusterStore {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
  ) {
    super();
  }

  /** Reads one index and no document; uses the driver directly, since mongoose would process each field. */
  async tallies(uids?: readonly string[]): Promise<Map<string, NodeTally>> {
    const options = { projection: TALLY, batchSize: BATCH };
    const cursor =
      uids === undefined
        ? this.nodes.collection.find(EVERY_NODE, { ...options, hint: SUMMARY_INDEX })
        : this.nodes.collection.find({ _id: { $in: [...uids] as never[] }, living: true }, options);
    const tallies = new Map<string, NodeTally>();
    for await (const row of cursor as unknown as AsyncIterable<Row>) tallies.set(row._id, toTally(row));
    return tallies;
  }

  follow(following: () => void): Observable<TallyChange> {
    return polledChanges<NodeDocument, Change>(() => this.nodes.collection, COUNTED_CHANGES, {
      fullDocument: 'updateLookup',
    }).pipe(
      tapFirst(following),
      concatMap((changes) => changes.map(toChange)),
    );
  }

  /** One pass over the heartbeats, without a lookup of each one's node. */
  async sumHeartbeats(of: NamedNodes, quiet: Quiet, timeoutMs: number): Promise<HeartbeatSums> {
    const [sums] = await this.heartbeats.aggregate<HeartbeatSums['resources'] & Omit<HeartbeatSums, 'resources'>>([
      { $match: { _id: 'only' in of ? { $in: of.only } : { $nin: of.allBut }, lastSeen: { $gt: 0 } } },
      { $set: { overdue: isPastTimeout(quiet, timeoutMs) } },
      {
        $group: {
          _id: null,
          warnings: { $sum: { $cond: [isQuiet(quiet), 1, 0] } },
          overdue: { $sum: { $cond: ['$overdue', 1, 0] } },
          cpuCores: ofTheHeard('$resources.cpu.cores'),
          cpuUsedCores: ofTheHeard({ $multiply: ['$resources.cpu.cores', '$resources.cpu.utilization'] }),
          memoryTotalBytes: ofTheHeard('$resources.memory.totalBytes'),
          memoryUsedBytes: ofTheHeard('$resources.memory.usedBytes'),
          gpus: ofTheHeard({ $size: { $ifNull: ['$resources.gpus', []] } }),
        },
      },
      { $unset: '_id' },
    ]);
    if (sums === undefined) return NOTHING;
    const { warnings, overdue, ...resources } = sums;
    return { warnings, overdue, resources };
  }

  /** Each count reads a partial index of just these nodes. */
  async needy(now: EpochMs): Promise<NeedyNodes> {
    const filterOf = (attention: 'copied' | 'lateDrain' | 'unapplied' | 'unfit') => ({
      living: true as const,
      ...attentionFilter(attention, now),
    });
    const [copied, lateDrain, unapplied, unfit] = await Promise.all([
      this.nodes.find(filterOf('copied'), { _id: 1 }).lean<{ _id: string }[]>(),
      this.nodes.countDocuments(filterOf('lateDrain')),
      this.nodes.countDocuments(filterOf('unapplied')),
      this.nodes.countDocuments(filterOf('unfit')),
    ]);
    return { copied: copied.map(({ _id }) => _id), lateDrain, unapplied, unfit };
  }

  async stopped(): Promise<string[]> {
    return (await this.heartbeats.find(STOPPED_HEARTBEATS, { _id: 1 }).lean<{ _id: string }[]>()).map(({ _id }) => _id);
  }

  /** From MongoDB's own count of heartbeat documents: each living node has exactly one. */
  fleetSize(): Promise<number> {
    return this.heartbeats.estimatedDocumentCount();
  }
}

/** Leaves silent nodes out of a sum: what they have now is unknown. */
function ofTheHeard(what: Record<string, unknown> | string) {
  return { $sum: { $cond: ['$overdue', 0, what] } };
}

function toTally({ type, phase, liveness, applied }: Row): NodeTally {
  return { type, phase, liveness, activeSessions: applied?.view?.activeSessions ?? 0 };
}

/** The document as of now, which may be later than the change; absent where it was deleted. */
function toChange(change: Change): TallyChange {
  const row = 'fullDocument' in change ? (change.fullDocument as Row | undefined | null) : undefined;
  return { uid: change.documentKey._id, tally: row?.living === true ? toTally(row) : null };
}
