import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EpochMs } from '../../contract/states.js';
import { AlertStore, type AlertQuery, type AlertRecord } from '../alerts/alert-store.js';
import type { Page } from '../http/page.js';
import { pageOfLatest } from './latest-page.js';
import { ALERTS_RAISED, type AlertDocument } from './schemas/alert.schema.js';

@Injectable()
export class MongoAlertStore extends AlertStore {
  constructor(@InjectModel(ALERTS_RAISED) private readonly alerts: Model<AlertDocument>) {
    super();
  }

  async open(): Promise<AlertRecord[]> {
    const documents = await this.alerts.find({ open: true }).lean<AlertDocument[]>();
    return documents.map(toAlert);
  }

  list({ phase, kinds, ...page }: AlertQuery): Promise<Page<AlertRecord>> {
    return pageOfLatest<AlertDocument, AlertRecord>({
      model: this.alerts,
      filter: {
        ...(phase === 'raised' && { open: true }),
        ...(phase === 'cleared' && { open: { $exists: false } }),
        ...(kinds?.length && { kind: { $in: [...kinds] } }),
      },
      time: 'raisedAt',
      page,
      map: toAlert,
    });
  }

  async raise({ id, labels, ...alert }: AlertRecord): Promise<boolean> {
    const { kind, about } = alert;
    const listed = Object.entries(labels).map(([key, value]) => ({ key, value }));
    // An upsert, since a duplicate key would abort the whole unit of work.
    const { upsertedCount } = await this.alerts.updateOne(
      { kind: { $eq: kind }, about: { $eq: about }, open: true },
      { $setOnInsert: { ...withoutKey(alert), _id: id, labels: listed } },
      { upsert: true },
    );
    return upsertedCount === 1;
  }

  async noteOver(ids: readonly string[], since: EpochMs | null): Promise<void> {
    if (ids.length === 0) return;
    await this.alerts.updateMany({ _id: { $in: [...ids] }, open: true }, { $set: { overSince: since } });
  }

  async clear(id: string, at: EpochMs): Promise<boolean> {
    const { modifiedCount } = await this.alerts.updateOne(
      { _id: { $eq: id }, open: true },
      { $set: { clearedAt: at, endedOn: new Date(at) }, $unset: { open: 1 } },
    );
    return modifiedCount === 1;
  }
}

/** Without the fields that the upsert's filter sets. */
function withoutKey({ kind: _kind, about: _about, ...rest }: Omit<AlertRecord, 'id' | 'labels'>) {
  return rest;
}

function toAlert({ _id, labels, open: _open, endedOn: _endedOn, ...same }: AlertDocument): AlertRecord {
  return { ...same, id: _id, labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])) };
}
