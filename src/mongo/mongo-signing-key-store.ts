import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { SigningKeyStore, type SigningKeyRecord } from '../auth/signing-key-store.js';
import { SIGNING_KEYS, type SigningKeyDocument } from './schemas/signing-key.schema.js';

@Injectable()
export class MongoSigningKeyStore extends SigningKeyStore {
  constructor(@InjectModel(SIGNING_KEYS) private readonly keys: Model<SigningKeyDocument>) {
    super();
  }

  async publish({ kid, publicKeyX, expiresAt }: SigningKeyRecord): Promise<void> {
    await this.keys.updateOne({ _id: { $eq: kid } }, { $set: { publicKeyX, expiresAt: new Date(expiresAt) } }, { upsert: true });
  }

  async find(kid: string): Promise<SigningKeyRecord | null> {
    const document = await this.keys.findOne({ _id: { $eq: kid } }).lean<SigningKeyDocument>();
    return document && { kid, publicKeyX: document.publicKeyX, expiresAt: document.expiresAt.getTime() };
  }
}
