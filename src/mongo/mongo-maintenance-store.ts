import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, PipelineStage } from 'mongoose';
import { MOST_NAMED } from '../../contract/schemas/maintenance.js';
import type { EpochMs } from '../../contract/states.js';
import { beginReason } from '../drains/drain-set-record.js';
import { DrainSetStore } from '../drains/drain-set-store.js';
import type { Page } from '../http/page.js';
import { MaintenanceStore, type MaintenanceQuery, type MaintenanceRecord } from '../maintenance/maintenance-store.js';
import { windowEntries } from '../maintenance/window-entries.js';
import { WindowStore } from '../record/window-store.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { DRAIN_SETS, type DrainSetDocument } from './schemas/drain-set.schema.js';
import { NODES, PLANNED_INDEX, UNTIL_INDEX, type NodeDocument } from './schemas/node.schema.js';

const ORDER = 'maintenance';

interface Group extends Omit<MaintenanceRecord, 'id' | 'state' | 'drain' | 'window'> {
  /** The lowest of their uids. */
  first: string;
}

type SetWithNodes = Pick<DrainSetDocument, '_id' | 'actor' | 'at' | 'notBefore' | 'until' | 'reason' | 'update'> &
  Pick<MaintenanceRecord, 'nodes'>;

@Injectable()
export class MongoMaintenanceStore extends MaintenanceStore {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(DRAIN_SETS) private readonly sets: Model<DrainSetDocument>,
    private readonly windows: WindowStore,
    private readonly drainSets: DrainSetStore,
  ) {
    super();
  }

  /** Entries are few, however many nodes they cover: all are read, by partial indexes, and the page is cut from them. */
  async list({ state, limit, cursor }: MaintenanceQuery, now: EpochMs): Promise<Page<MaintenanceRecord>> {
    const after = cursor === undefined ? undefined : decodeCursor(ORDER, 'number', cursor);
    const sets = (await this.unfinishedSets(now)).map((set) => ({
      entry: entryOf(set, now),
      reason: beginReason({ ...set, id: set._id }),
    }));
    const [planned, underWay, windows, waiting] = await Promise.all([
      state === 'underWay' ? [] : this.nodes.aggregate<Group>(PLANNED).hint(PLANNED_INDEX),
      state === 'planned' ? [] : this.nodes.aggregate<Group>(UNDER_WAY).hint(UNTIL_INDEX),
      this.windows.all(),
      this.drainSets.within(),
    ]);
    const ofSet = ({ by, reason }: Group) => sets.some(({ entry, ...set }) => entry.by === by && set.reason === reason);
    const entries = [
      ...planned.map((group) => toRecord('planned', group)),
      ...underWay.filter((group) => !ofSet(group)).map((group) => toRecord('underWay', group)),
      ...[...sets.map(({ entry }) => entry), ...windowEntries(windows, waiting, now)].filter(
        (entry) => state === undefined || entry.state === state,
      ),
    ].toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    const further = after
      ? entries.filter(({ at, id }) => at > Number(after.key) || (at === after.key && id > after.id))
      : entries;
    const items = further.slice(0, limit);
    const last = items.at(-1);
    const more = further.length > limit && last !== undefined;
    return { items, nextCursor: more ? encodeCursor(ORDER, { key: last.at, id: last.id }) : null };
  }

  /** Without their members, of which there may be thousands. A set that waits for a window is listed with the window's opening. */
  private unfinishedSets(now: EpochMs): Promise<SetWithNodes[]> {
    const hasSpan = [
      { notBefore: { $gt: now } },
      { window: { $exists: false }, $or: [{ notBefore: { $gt: 0 } }, { until: { $gt: 0 } }] },
    ];
    return this.sets.aggregate<SetWithNodes>([
      { $match: { unfinished: true, 'ruling.value': { $ne: 'cancel' }, $or: hasSpan } },
      {
        $project: {
          ...{ actor: 1, at: 1, notBefore: 1, until: 1, reason: 1, update: 1 },
          nodes: { count: { $size: '$members' }, names: { $slice: ['$members.name', MOST_NAMED] } },
        },
      },
    ]);
  }
}

const PLANNED = groupedBy({ 'decision.planned.at': { $gt: 0 } }, '$decision.planned', {
  at: '$decision.planned.at',
});
const UNDER_WAY = groupedBy(
  { 'decision.availability.until': { $gt: 0 }, 'decision.availability.value': 'DRAINED' },
  '$decision.availability',
  {},
);

/** Groups nodes into entries that share state, reason and end. */
function groupedBy(filter: Record<string, unknown>, word: string, alsoBy: Record<string, string>): PipelineStage[] {
  return [
    { $match: { living: true, ...filter } },
    { $sort: { 'listed.id': 1 } },
    {
      $group: {
        _id: { by: `${word}.by`, reason: `${word}.reason`, until: `${word}.until`, ...alsoBy },
        at: { $min: alsoBy['at'] ?? `${word}.since` },
        first: { $min: '$_id' },
        count: { $sum: 1 },
        names: { $firstN: { input: '$name', n: MOST_NAMED } },
      },
    },
    {
      $project: {
        _id: 0,
        ...{ at: 1, first: 1, by: '$_id.by', reason: '$_id.reason', until: '$_id.until' },
        nodes: { count: '$count', names: '$names' },
      },
    },
  ];
}

function toRecord(state: MaintenanceRecord['state'], { first, until, ...same }: Group): MaintenanceRecord {
  return { ...same, state, until: until ?? null, id: `${state}-${first}`, drain: null, window: null };
}

function entryOf(set: SetWithNodes, now: EpochMs): MaintenanceRecord {
  const { _id, actor, at, notBefore = at, until = null, reason, nodes } = set;
  return {
    ...{ id: _id, drain: _id, window: null, at: notBefore, until, by: actor.by, reason, nodes },
    state: notBefore > now ? 'planned' : 'underWay',
  };
}
