import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { LoginStore, type LoginRecord } from '../auth/login-store.js';
import { LOGINS, type LoginDocument } from './schemas/login.schema.js';

@Injectable()
export class MongoLoginStore extends LoginStore {
  constructor(@InjectModel(LOGINS) private readonly logins: Model<LoginDocument>) {
    super();
  }

  async create({ id, tokenId, createdAt, expiresAt }: LoginRecord): Promise<void> {
    await this.logins.create({ _id: id, tokenId, createdAt, expiresAt: new Date(expiresAt) });
  }

  async find(id: string): Promise<LoginRecord | null> {
    const document = await this.logins.findOne({ _id: { $eq: id } }).lean<LoginDocument>();
    return (
      document && {
        id,
        tokenId: document.tokenId,
        createdAt: document.createdAt,
        expiresAt: document.expiresAt.getTime(),
      }
    );
  }

  async end(id: string): Promise<void> {
    await this.logins.deleteOne({ _id: { $eq: id } });
  }
}
