import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EpochMs } from '../../contract/states.js';
import {
  ApiTokenStore,
  TokenNameTaken,
  USE_NOTED_EVERY_MS,
  type ApiTokenRecord,
  type FormerSecret,
} from '../auth/api-token-store.js';
import type { Page, PageRequest } from '../http/page.js';
import { isDuplicateKey } from './duplicate-key.js';
import { pageOfLatest } from './latest-page.js';
import { API_TOKENS, type ApiTokenDocument } from './schemas/api-token.schema.js';

@Injectable()
export class MongoApiTokenStore extends ApiTokenStore {
  constructor(@InjectModel(API_TOKENS) private readonly tokens: Model<ApiTokenDocument>) {
    super();
  }

  async create(token: ApiTokenRecord): Promise<'created' | 'exists'> {
    const { id, ...fields } = token;
    const { name, createdAt: at } = fields;
    const namesakes = { name: { $eq: name }, _id: { $ne: id } };
    await this.tokens.updateMany({ ...namesakes, expiresAt: { $lte: at } }, { $unset: { livingName: 1 } });
    if (await this.tokens.exists({ ...namesakes, revokedAt: { $eq: null }, $or: goodUntil(at + 1) }))
      throw new TokenNameTaken(name);
    try {
      const result = await this.tokens.updateOne(
        { _id: { $eq: id } },
        { $setOnInsert: { ...fields, livingName: name } },
        { upsert: true },
      );
      return result.upsertedCount === 1 ? 'created' : 'exists';
    } catch (error) {
      // Another request created it at the same moment.
      throw isDuplicateKey(error) ? new TokenNameTaken(name) : error;
    }
  }

  async find(id: string): Promise<ApiTokenRecord | null> {
    const document = await this.tokens.findOne({ _id: { $eq: id } }).lean<ApiTokenDocument>();
    return document && toRecord(document);
  }

  list(page: PageRequest): Promise<Page<ApiTokenRecord>> {
    return pageOfLatest<ApiTokenDocument, ApiTokenRecord>({
      model: this.tokens,
      filter: {},
      time: 'createdAt',
      page,
      map: toRecord,
    });
  }

  async noteUse(id: string, at: EpochMs): Promise<void> {
    const due = [{ lastUsedAt: { $eq: null } }, { lastUsedAt: { $lte: at - USE_NOTED_EVERY_MS } }];
    await this.tokens.updateOne({ _id: { $eq: id }, $or: due }, { $set: { lastUsedAt: at } });
  }

  async rotate(
    id: string,
    before: string,
    after: Pick<ApiTokenRecord, 'secretHash' | 'expiresAt'> & { former: FormerSecret },
  ): Promise<ApiTokenRecord | null> {
    const document = await this.tokens
      .findOneAndUpdate(
        { _id: { $eq: id }, secretHash: { $eq: before }, revokedAt: { $eq: null } },
        { $set: after },
        { returnDocument: 'after' },
      )
      .lean<ApiTokenDocument>();
    return document && toRecord(document);
  }

  async revoke(id: string, at: EpochMs): Promise<'revoked' | 'revoked before' | null> {
    const { modifiedCount } = await this.tokens.updateOne(
      { _id: { $eq: id }, revokedAt: { $eq: null } },
      { $set: { revokedAt: at }, $unset: { livingName: 1 } },
    );
    if (modifiedCount === 1) return 'revoked';
    return (await this.find(id)) === null ? null : 'revoked before';
  }

  async keepAnotherAdministrator(id: string, until: EpochMs): Promise<boolean> {
    const other = { _id: { $ne: id }, role: 'admin' as const, revokedAt: { $eq: null }, $or: goodUntil(until) };
    // A write, so that two simultaneous revocations, each relying on the other's token, are serialized.
    const { modifiedCount } = await this.tokens.updateOne(other, { $inc: { kept: 1 } });
    return modifiedCount === 1;
  }
}

function goodUntil(until: EpochMs) {
  return [{ expiresAt: { $eq: null } }, { expiresAt: { $gte: until } }];
}

function toRecord({
  _id,
  lastUsedAt = null,
  livingName: _living,
  kept: _kept,
  ...same
}: ApiTokenDocument): ApiTokenRecord {
  return { ...same, id: _id, lastUsedAt };
}
