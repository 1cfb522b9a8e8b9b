import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EpochMs } from '../../contract/states.js';
import { ApiTokenStore, USE_NOTED_EVERY_MS, type ApiTokenRecord } from '../auth/api-token-store.js';
import type { Page, PageRequest } from '../http/page.js';
import { pageOfLatest } from './latest-page.js';
import { API_TOKENS, type ApiTokenDocument } from './schemas/api-token.schema.js';

@Injectable()
export class MongoApiTokenStore extends ApiTokenStore {
  constructor(@InjectModel(API_TOKENS) private readonly tokens: Model<ApiTokenDocument>) {
    super();
  }

  async create(token: ApiTokenRecord): Promise<'created' | 'exists'> {
    const { id, ...fields } = token;
    const result = await this.tokens.updateOne({ _id: { $eq: id } }, { $setOnInsert: fields }, { upsert: true });
    return result.upsertedCount === 1 ? 'created' : 'exists';
  }

  async find(id: string): Promise<ApiTokenRecord | null> {
    const document = await this.tokens.findOne({ _id: { $eq: id } }).lean<ApiTokenDocument>();
    return document && toRecord(document);
  }

  list(page: PageRequest): Promise<Page<ApiTokenRecord>> {
    return pageOfLatest<ApiTokenDocument, ApiTokenRecord>({ model: this.tokens, filter: {}, time: 'createdAt', page, map: toRecord });
  }

  async noteUse(id: string, at: EpochMs): Promise<void> {
    const due = [{ lastUsedAt: { $eq: null } }, { lastUsedAt: { $lte: at - USE_NOTED_EVERY_MS } }];
    await this.tokens.updateOne({ _id: { $eq: id }, $or: due }, { $set: { lastUsedAt: at } });
  }

  async revoke(id: string, at: EpochMs): Promise<'revoked' | 'revoked before' | null> {
    const { modifiedCount } = await this.tokens.updateOne({ _id: { $eq: id }, revokedAt: { $eq: null } }, { $set: { revokedAt: at } });
    if (modifiedCount === 1) return 'revoked';
    return (await this.find(id)) === null ? null : 'revoked before';
  }
}

function toRecord({ _id, lastUsedAt = null, ...same }: ApiTokenDocument): ApiTokenRecord {
  return { ...same, id: _id, lastUsedAt };
}
