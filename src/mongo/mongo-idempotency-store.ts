import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EpochMs } from '../../contract/states.js';
import {
  AnswerRetention,
  IdempotencyStore,
  type KeyClaim,
  type KeyedRequest,
  type KeyState,
  type RecordedAnswer,
} from '../http/idempotency-store.js';
import { isDuplicateKey } from './duplicate-key.js';
import { IDEMPOTENCY_KEYS, type IdempotencyKeyDocument } from './schemas/idempotency-key.schema.js';

/** Longer than any request takes, in milliseconds: an older claim belongs to an api replica that died. */
const CLAIM_MS = 60_000;

@Injectable()
export class MongoIdempotencyStore extends IdempotencyStore {
  constructor(
    @InjectModel(IDEMPOTENCY_KEYS) private readonly keys: Model<IdempotencyKeyDocument>,
    private readonly retention: AnswerRetention,
  ) {
    super();
  }

  async begin(request: KeyedRequest, at: EpochMs): Promise<KeyState> {
    const _id = idOf(request);
    const { fingerprint } = request;
    const claim = { fingerprint, claimedAt: at, answer: null, expiresAt: new Date(at + this.retention.ms) };
    try {
      const abandoned = {
        _id: { $eq: _id },
        fingerprint: { $eq: fingerprint },
        answer: { $eq: null },
        claimedAt: { $lt: at - CLAIM_MS },
      };
      await this.keys.updateOne(abandoned, { $set: claim }, { upsert: true });
      return { state: 'new' };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const known = await this.keys.findOne({ _id: { $eq: _id } }).lean<IdempotencyKeyDocument>();
    // The claim was given up between the two steps: the caller's next attempt finds the key free.
    if (!known) return { state: 'running' };
    if (known.fingerprint !== fingerprint) return { state: 'reused' };
    return known.answer ? { state: 'done', answer: known.answer } : { state: 'running' };
  }

  async takeOnce(key: Pick<KeyedRequest, 'principal' | 'key'>, at: EpochMs, lifetimeMs: number): Promise<boolean> {
    const taken = { fingerprint: 'taken', claimedAt: at, answer: null, expiresAt: new Date(at + lifetimeMs) };
    try {
      // An upsert that only inserts: an expired key stays taken until MongoDB has deleted it.
      const { upsertedCount } = await this.keys.updateOne(
        { _id: { $eq: idOf(key) } },
        { $setOnInsert: taken },
        { upsert: true },
      );
      return upsertedCount === 1;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async complete(claim: KeyClaim, answer: RecordedAnswer): Promise<boolean> {
    const { matchedCount } = await this.keys.updateOne(own(claim), { $set: { answer } });
    return matchedCount === 1;
  }

  async abandon(claim: KeyClaim): Promise<void> {
    await this.keys.deleteOne({ ...own(claim), answer: { $eq: null } });
  }
}

function own(claim: KeyClaim) {
  return { _id: { $eq: idOf(claim) }, claimedAt: { $eq: claim.claimedAt } };
}

function idOf({ principal, key }: Pick<KeyedRequest, 'principal' | 'key'>): string {
  return createHash('sha256')
    .update(JSON.stringify([principal, key]))
    .digest('base64url');
}
