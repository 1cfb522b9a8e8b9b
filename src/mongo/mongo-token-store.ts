import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EpochMs } from '../../contract/states.js';
import { TokenStore, type TokenRecord, type TokenRefusal } from '../auth/token-store.js';
import type { Page, PageRequest } from '../http/page.js';
import { fromPairs, toPairs } from './node-mapping.js';
import { pageOfLatest } from './latest-page.js';
import { TOKENS, type TokenDocument } from './schemas/token.schema.js';

@Injectable()
export class MongoTokenStore extends TokenStore {
  constructor(@InjectModel(TOKENS) private readonly tokens: Model<TokenDocument>) {
    super();
  }

  async create(token: TokenRecord): Promise<'created' | 'exists'> {
    const { id, labels, ...same } = token;
    const result = await this.tokens.updateOne(
      { _id: { $eq: id } },
      { $setOnInsert: { ...same, labels: toPairs(labels) } },
      { upsert: true },
    );
    return result.upsertedCount === 1 ? 'created' : 'exists';
  }

  async find(id: string, secretHash: string): Promise<TokenRecord | null> {
    const document = await this.tokens
      .findOne({ _id: { $eq: id }, secretHash: { $eq: secretHash } })
      .lean<TokenDocument>();
    return document && toRecord(document);
  }

  async consume(
    id: string,
    secretHash: string,
    at: EpochMs,
    uses = 1,
  ): Promise<TokenRecord | TokenRefusal | 'too few uses'> {
    const usable = {
      _id: { $eq: id },
      secretHash: { $eq: secretHash },
      revokedAt: { $eq: null },
      expiresAt: { $gt: at },
      $expr: { $lte: [{ $add: ['$uses', uses] }, '$maxUses'] },
    };
    const used = await this.tokens
      .findOneAndUpdate(usable, { $inc: { uses } }, { returnDocument: 'after' })
      .lean<TokenDocument>();
    if (used) return toRecord(used);
    const token = await this.find(id, secretHash);
    if (!token) return 'unknown';
    if (token.revokedAt !== null) return 'revoked';
    if (token.expiresAt <= at) return 'expired';
    return token.uses < token.maxUses && uses > 1 ? 'too few uses' : 'used up';
  }

  listJoinTokens(page: PageRequest): Promise<Page<TokenRecord>> {
    return pageOfLatest<TokenDocument, TokenRecord>({
      model: this.tokens,
      filter: { kind: 'join' },
      time: 'createdAt',
      page,
      map: toRecord,
    });
  }

  async revokeJoinToken(id: string, at: EpochMs): Promise<'revoked' | 'revoked before' | null> {
    const { modifiedCount } = await this.tokens.updateOne(
      { _id: { $eq: id }, kind: 'join', revokedAt: { $eq: null } },
      { $set: { revokedAt: at } },
    );
    if (modifiedCount === 1) return 'revoked';
    return (await this.findJoinToken(id)) === null ? null : 'revoked before';
  }

  async findJoinToken(id: string): Promise<TokenRecord | null> {
    const document = await this.tokens.findOne({ _id: { $eq: id }, kind: 'join' }).lean<TokenDocument>();
    return document && toRecord(document);
  }

  async revokeForNode(nodeUid: string, at: EpochMs): Promise<void> {
    await this.tokens.updateMany({ nodeUid: { $eq: nodeUid }, revokedAt: { $eq: null } }, { $set: { revokedAt: at } });
  }

  async slotsExpiredBefore(at: EpochMs, most: number): Promise<string[]> {
    const found = await this.tokens
      .find(
        { kind: 'bootstrap', uses: 0, revokedAt: null, expiresAt: { $lt: at }, nodeUid: { $type: 'string' } },
        { nodeUid: 1 },
      )
      .limit(most)
      .lean<Pick<TokenDocument, 'nodeUid'>[]>();
    return found.flatMap(({ nodeUid }) => nodeUid ?? []);
  }
}

function toRecord({ _id, labels, namePattern = null, removeAfterMs = null, ...same }: TokenDocument): TokenRecord {
  return { ...same, id: _id, labels: fromPairs(labels), namePattern, removeAfterMs };
}
