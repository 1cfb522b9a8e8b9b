import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { DeviceLoginStore, type DeviceLoginRecord } from '../auth/people/device-login-store.js';
import type { EpochMs } from '../../contract/states.js';
import { DEVICE_LOGINS, type DeviceLoginDocument } from './schemas/device-login.schema.js';

@Injectable()
export class MongoDeviceLoginStore extends DeviceLoginStore {
  constructor(@InjectModel(DEVICE_LOGINS) private readonly logins: Model<DeviceLoginDocument>) {
    super();
  }

  async create({ id, expiresAt, ...login }: DeviceLoginRecord): Promise<void> {
    await this.logins.create({ _id: id, ...login, expiresAt: new Date(expiresAt) });
  }

  async pending(from: string, now: EpochMs, most: number): Promise<{ ofAddress: number; inAll: number }> {
    // Expired ones may still be there: MongoDB's TTL index deletes them once a minute.
    const living = { expiresAt: { $gt: new Date(now) } };
    const [ofAddress, inAll] = await Promise.all([
      this.logins.countDocuments({ from: { $eq: from }, ...living }, { limit: most }),
      this.logins.countDocuments(living, { limit: most }),
    ]);
    return { ofAddress, inAll };
  }

  async note(id: string, { expiresAt, ...said }: Parameters<DeviceLoginStore['note']>[1]): Promise<void> {
    const set = { ...said, ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt) }) };
    await this.logins.updateOne({ _id: { $eq: id } }, { $set: set });
  }

  async find(id: string): Promise<DeviceLoginRecord | null> {
    return recordOf(await this.logins.findOne({ _id: { $eq: id } }).lean<DeviceLoginDocument>());
  }

  async claimPoll(id: string, now: EpochMs, until: EpochMs): Promise<DeviceLoginRecord | null> {
    const claimed = await this.logins
      .findOneAndUpdate(
        {
          _id: { $eq: id },
          sealed: { $exists: true },
          nextPollAt: { $lte: now },
          expiresAt: { $gt: new Date(now) },
        },
        { $set: { nextPollAt: until } },
        { returnDocument: 'after' },
      )
      .lean<DeviceLoginDocument>();
    return recordOf(claimed);
  }

  async end(id: string): Promise<void> {
    await this.logins.deleteOne({ _id: { $eq: id } });
  }
}

function recordOf(document: DeviceLoginDocument | null): DeviceLoginRecord | null {
  if (document === null) return null;
  const { _id: id, expiresAt, ...login } = document;
  return { id, ...login, expiresAt: expiresAt.getTime() };
}
