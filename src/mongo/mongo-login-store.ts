import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EpochMs } from '../../contract/states.js';
import { LoginStore, type LoggedInPerson, type LoginRecord } from '../auth/login-store.js';
import { LOGINS, type LoginDocument } from './schemas/login.schema.js';

@Injectable()
export class MongoLoginStore extends LoginStore {
  constructor(@InjectModel(LOGINS) private readonly logins: Model<LoginDocument>) {
    super();
  }

  async create({ id, expiresAt, ...login }: LoginRecord): Promise<void> {
    await this.logins.create({ _id: id, ...login, expiresAt: new Date(expiresAt) });
  }

  async find(id: string): Promise<LoginRecord | null> {
    const document = await this.logins.findOne({ _id: { $eq: id } }).lean<LoginDocument>();
    if (document === null) return null;
    const { tokenId, person, unansweredUntil, createdAt, expiresAt } = document;
    return {
      id,
      ...(tokenId !== undefined && { tokenId }),
      // Logins of older versions have no grants.
      ...(person !== undefined && { person: { ...person, grants: person.grants ?? [] } }),
      ...(unansweredUntil !== undefined && { unansweredUntil }),
      createdAt,
      expiresAt: expiresAt.getTime(),
    };
  }

  async end(id: string): Promise<void> {
    await this.logins.deleteOne({ _id: { $eq: id } });
  }

  async claimCheck(id: string, checkedAt: EpochMs, now: EpochMs, until: EpochMs): Promise<boolean> {
    const { modifiedCount } = await this.logins.updateOne(
      {
        _id: { $eq: id },
        'person.checkedAt': { $eq: checkedAt },
        $or: [{ checkingUntil: { $exists: false } }, { checkingUntil: { $lte: now } }],
      },
      { $set: { checkingUntil: until } },
    );
    return modifiedCount === 1;
  }

  async noteNoAnswer(id: string, until: EpochMs): Promise<void> {
    await this.logins.updateOne({ _id: { $eq: id } }, { $set: { checkingUntil: until, unansweredUntil: until } });
  }

  async noteCheck(id: string, person: LoggedInPerson): Promise<void> {
    await this.logins.updateOne(
      { _id: { $eq: id } },
      { $set: { person }, $unset: { checkingUntil: 1, unansweredUntil: 1 } },
    );
  }
}
