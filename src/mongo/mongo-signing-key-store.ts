import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { SigningKeyStore, type SigningKeyRecord } from '../auth/signing-key-store.js';
import { Gathered } from '../mechanics/gathered.js';
import { SIGNING_KEYS, type SigningKeyDocument } from './schemas/signing-key.schema.js';

@Injectable()
export class MongoSigningKeyStore extends SigningKeyStore {
  /** Unknown keys are looked up together, since anybody can send tokens with made-up key ids. */
  private readonly together = new Gathered<string, Map<string, SigningKeyRecord>>((kids) => this.findAll(kids));

  constructor(@InjectModel(SIGNING_KEYS) private readonly keys: Model<SigningKeyDocument>) {
    super();
  }

  async publish({ kid, publicKeyX, expiresAt }: SigningKeyRecord): Promise<void> {
    await this.keys.updateOne(
      { _id: { $eq: kid } },
      { $set: { publicKeyX, expiresAt: new Date(expiresAt) } },
      { upsert: true },
    );
  }

  async find(kid: string): Promise<SigningKeyRecord | null> {
    return (await this.together.about(kid)).get(kid) ?? null;
  }

  private async findAll(kids: readonly string[]): Promise<Map<string, SigningKeyRecord>> {
    const documents = await this.keys.find({ _id: { $in: [...kids] } }).lean<SigningKeyDocument[]>();
    return new Map(
      documents.map(({ _id: kid, publicKeyX, expiresAt }) => [
        kid,
        { kid, publicKeyX, expiresAt: expiresAt.getTime() },
      ]),
    );
  }
}
