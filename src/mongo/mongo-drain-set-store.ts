import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { DrainSetProjection, DrainSetProjectionStore } from '../../activities/drain-set-ports.js';
import { isDrainSetOver, NO_OTHERS, type DrainSetRuling } from '../../contract/drain-set.js';
import { MOST_NAMED } from '../../contract/schemas/maintenance.js';
import type { DrainSetRecord } from '../drains/drain-set-record.js';
import { DrainSetStore, type DrainSetKind, type SetWithin } from '../drains/drain-set-store.js';
import type { Page, PageRequest } from '../http/page.js';
import { pageOfLatest } from './latest-page.js';
import { DRAIN_SETS, type DrainSetDocument } from './schemas/drain-set.schema.js';

@Injectable()
export class MongoDrainSetStore extends DrainSetStore implements DrainSetProjectionStore {
  constructor(@InjectModel(DRAIN_SETS) private readonly sets: Model<DrainSetDocument>) {
    super();
  }

  async create({ id, ...set }: DrainSetRecord): Promise<void> {
    await this.sets.create([{ ...set, _id: id, untoldSince: set.at, unfinished: true }]);
  }

  async find(id: string): Promise<DrainSetRecord | null> {
    const document = await this.sets.findOne({ _id: { $eq: id } }).lean<DrainSetDocument>();
    return document && toRecord(document);
  }

  list(kind: DrainSetKind, page: PageRequest): Promise<Page<DrainSetRecord>> {
    return pageOfLatest<DrainSetDocument, DrainSetRecord>({
      model: this.sets,
      filter: { update: { $exists: kind === 'update' } },
      time: 'at',
      page,
      map: toRecord,
    });
  }

  async rule(
    id: string,
    expectedSeq: number,
    ruling: Omit<DrainSetRuling, 'seq'>,
  ): Promise<DrainSetRecord | 'conflict'> {
    const document = await this.sets
      .findOneAndUpdate(
        { _id: { $eq: id }, 'ruling.seq': { $eq: expectedSeq }, unfinished: true },
        { $set: { ruling: { ...ruling, seq: expectedSeq + 1 }, untoldSince: ruling.at } },
        { returnDocument: 'after' },
      )
      .lean<DrainSetDocument>();
    return document ? toRecord(document) : 'conflict';
  }

  async untold(): Promise<DrainSetRecord[]> {
    const documents = await this.sets
      .find({ unfinished: true, untoldSince: { $exists: true } })
      .lean<DrainSetDocument[]>();
    return documents.map(toRecord);
  }

  async unfinished(): Promise<DrainSetRecord[]> {
    const documents = await this.sets.find({ unfinished: true }).lean<DrainSetDocument[]>();
    return documents.map(toRecord);
  }

  async within(window?: string): Promise<SetWithin[]> {
    const toCome = { $filter: { input: '$members', cond: { $eq: ['$$this.state', 'QUEUED'] } } };
    return this.sets.aggregate<SetWithin>([
      { $match: { unfinished: true, window: window === undefined ? { $exists: true } : { $eq: window } } },
      { $sort: { at: 1, _id: 1 } },
      { $project: { window: 1, update: 1, notBefore: 1, toCome } },
      {
        $project: {
          ...{ _id: 0, id: '$_id', window: 1, update: 1, notBefore: 1 },
          queued: { count: { $size: '$toCome' }, names: { $slice: ['$toCome.name', MOST_NAMED] } },
        },
      },
    ]);
  }

  async project({
    id,
    state,
    revision,
    rulingSeq,
    at,
    others = NO_OTHERS,
    waiting = false,
    changes,
  }: DrainSetProjection): Promise<void> {
    const over = isDrainSetOver(state);
    const members = Object.fromEntries(changes.map(({ index, member }) => [`members.${index}`, member]));
    await this.sets.updateOne(
      { _id: { $eq: id }, revision: { $lt: revision } },
      {
        $set: { state, revision, rulingSeq, others, waiting, ...members, ...(over ? { endedAt: at } : {}) },
        ...(over ? { $unset: { unfinished: 1, untoldSince: 1 } } : {}),
      },
    );
    await this.sets.updateOne({ _id: { $eq: id }, 'ruling.seq': { $lte: rulingSeq } }, { $unset: { untoldSince: 1 } });
  }
}

function toRecord({
  _id,
  untoldSince: _told,
  unfinished: _over,
  others = NO_OTHERS,
  waiting = false,
  ...same
}: DrainSetDocument): DrainSetRecord {
  return { ...same, others, waiting, id: _id };
}
