import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EpochMs } from '../../contract/states.js';
import { MOST_WAITING, MOST_WEBHOOKS, type DeliveryState, type WebhookLine } from '../../contract/webhooks.js';
import type { Page, PageRequest } from '../http/page.js';
import type { DeliveryRecord, WebhookChange, WebhookRecord } from '../webhooks/webhook-record.js';
import { WebhookStore, type Attempt } from '../webhooks/webhook-store.js';
import { pageOfLatest } from './latest-page.js';
import { DELIVERIES, type DeliveryDocument } from './schemas/delivery.schema.js';
import { storedNotice, toNotice } from './schemas/notice.schema.js';
import { WEBHOOKS, type WebhookDocument } from './schemas/webhook.schema.js';

const COUNTED_AT_MOST = 100_000;

@Injectable()
export class MongoWebhookStore extends WebhookStore {
  constructor(
    @InjectModel(WEBHOOKS) private readonly webhooks: Model<WebhookDocument>,
    @InjectModel(DELIVERIES) private readonly sent: Model<DeliveryDocument>,
  ) {
    super();
  }

  async create({ id, ...webhook }: WebhookRecord): Promise<boolean> {
    if ((await this.webhooks.countDocuments({}, { limit: MOST_WEBHOOKS })) >= MOST_WEBHOOKS) return false;
    await this.webhooks.create([{ ...webhook, _id: id }]);
    return true;
  }

  async find(id: string): Promise<WebhookRecord | null> {
    const document = await this.webhooks.findOne({ _id: { $eq: id } }).lean<WebhookDocument>();
    return document && toWebhook(document);
  }

  async all(): Promise<WebhookRecord[]> {
    const documents = await this.webhooks.find().sort({ createdAt: -1, _id: -1 }).lean<WebhookDocument[]>();
    return documents.map(toWebhook);
  }

  async edit(id: string, change: WebhookChange): Promise<WebhookRecord | null> {
    const document = await this.webhooks
      .findOneAndUpdate({ _id: { $eq: id } }, { $set: change }, { returnDocument: 'after' })
      .lean<WebhookDocument>();
    return document && toWebhook(document);
  }

  async reseal(
    { id, url, secret }: WebhookRecord,
    after: Pick<WebhookRecord, 'url' | 'secret' | 'former'>,
  ): Promise<void> {
    await this.webhooks.updateOne({ _id: { $eq: id }, url: { $eq: url }, secret: { $eq: secret } }, { $set: after });
  }

  async owed(): Promise<WebhookRecord[]> {
    return (await this.webhooks.find({ owed: true }).lean<WebhookDocument[]>()).map(toWebhook);
  }

  async settle(id: string): Promise<void> {
    await this.webhooks.updateOne({ _id: { $eq: id } }, { $unset: { owed: 1 } });
  }

  async remove(id: string): Promise<WebhookRecord | null> {
    const document = await this.webhooks.findOneAndDelete({ _id: { $eq: id } }).lean<WebhookDocument>();
    await this.sent.deleteMany({ webhook: { $eq: id } });
    return document && toWebhook(document);
  }

  async deliver(deliveries: readonly DeliveryRecord[]): Promise<void> {
    if (deliveries.length === 0) return;
    const full = new Set<string>();
    for (const webhook of new Set(deliveries.map((delivery) => delivery.webhook)))
      if ((await this.sent.countDocuments({ webhook, waits: true }, { limit: MOST_WAITING })) >= MOST_WAITING)
        full.add(webhook);
    await this.sent.bulkWrite(
      deliveries.map(({ id, notice, ...delivery }) => {
        const stored = { ...delivery, notice: storedNotice(notice) };
        const dead = { state: 'DEAD', answer: `${MOST_WAITING} others wait`, ...over(delivery.at) } as const;
        const waiting = { waits: true, untold: true } as const;
        return {
          updateOne: {
            filter: { _id: id },
            update: { $setOnInsert: { ...stored, ...(full.has(delivery.webhook) ? dead : waiting) } },
            upsert: true,
          },
        };
      }),
    );
  }

  async first({ webhook, about }: WebhookLine): Promise<DeliveryRecord | null> {
    const document = await this.sent
      .findOne({ webhook: { $eq: webhook }, about: { $eq: about }, waits: true })
      .sort({ at: 1, _id: 1 })
      .lean<DeliveryDocument>();
    return document && toDelivery(document);
  }

  async attempted(id: string, { at, answer, state, nextAttemptAt }: Attempt): Promise<void> {
    const isOver = state !== 'PENDING';
    await this.sent.updateOne(
      { _id: { $eq: id }, waits: true },
      {
        $set: { state, answer, nextAttemptAt, lastAttemptAt: at, ...(isOver && over(at)) },
        $inc: { attempts: 1 },
        $unset: isOver ? { waits: 1, untold: 1 } : { untold: 1 },
      },
    );
  }

  async replay(webhook: string, id: string, at: EpochMs, until: EpochMs): Promise<DeliveryRecord | null> {
    await this.sent.updateOne(
      { _id: { $eq: id }, webhook: { $eq: webhook }, waits: { $exists: false } },
      {
        $set: { state: 'PENDING', nextAttemptAt: at, until, attempts: 0, endedAt: null, waits: true, untold: true },
        $unset: { endedOn: 1 },
      },
    );
    const document = await this.sent.findOne({ _id: { $eq: id }, webhook: { $eq: webhook } }).lean<DeliveryDocument>();
    return document && toDelivery(document);
  }

  deliveries(
    webhook: string,
    { state, ...page }: PageRequest & { state?: DeliveryState | undefined },
  ): Promise<Page<DeliveryRecord>> {
    return pageOfLatest<DeliveryDocument, DeliveryRecord>({
      model: this.sent,
      filter: { webhook: { $eq: webhook }, ...(state !== undefined && { state: { $eq: state } }) },
      time: 'at',
      page,
      map: toDelivery,
    });
  }

  untold(atMost: number): Promise<WebhookLine[]> {
    return this.lines({ untold: true }, atMost);
  }

  async told({ webhook, about }: WebhookLine, by: EpochMs): Promise<void> {
    await this.sent.updateMany(
      { webhook: { $eq: webhook }, about: { $eq: about }, waits: true, untold: true, nextAttemptAt: { $lte: by } },
      { $unset: { untold: 1 } },
    );
  }

  waitingLines(atMost: number): Promise<WebhookLine[]> {
    return this.lines({ waits: true }, atMost);
  }

  waiting(): Promise<number> {
    return this.sent.countDocuments({ waits: true }, { limit: COUNTED_AT_MOST });
  }

  private async lines(which: { untold: true } | { waits: true }, atMost: number): Promise<WebhookLine[]> {
    const found = await this.sent.aggregate<{ _id: WebhookLine }>([
      { $match: which },
      { $group: { _id: { webhook: '$webhook', about: '$about' } } },
      { $limit: atMost },
    ]);
    return found.map(({ _id: { webhook, about } }) => ({ webhook, about }));
  }
}

function over(at: EpochMs): { endedAt: EpochMs; endedOn: Date } {
  return { endedAt: at, endedOn: new Date(at) };
}

function toWebhook({ _id, ...same }: WebhookDocument): WebhookRecord {
  return { ...same, id: _id };
}

function toDelivery({
  _id,
  notice,
  untold: _untold,
  waits: _waits,
  endedOn: _endedOn,
  ...same
}: DeliveryDocument): DeliveryRecord {
  return { ...same, notice: toNotice(notice), id: _id };
}
