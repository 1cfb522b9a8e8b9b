import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { MOST_WINDOWS, type WindowOpening } from '../../contract/maintenance-window.js';
import type { EpochMs } from '../../contract/states.js';
import type { MaintenanceWindow, WindowChange } from '../record/maintenance-window.js';
import { WindowStore } from '../record/window-store.js';
import { isDuplicateKey } from './duplicate-key.js';
import { MAINTENANCE_WINDOWS, type MaintenanceWindowDocument } from './schemas/maintenance-window.schema.js';

@Injectable()
export class MongoWindowStore extends WindowStore {
  constructor(@InjectModel(MAINTENANCE_WINDOWS) private readonly windows: Model<MaintenanceWindowDocument>) {
    super();
  }

  async create({ name, ...window }: MaintenanceWindow): Promise<'created' | 'full' | 'taken'> {
    if ((await this.windows.countDocuments({}, { limit: MOST_WINDOWS })) >= MOST_WINDOWS) return 'full';
    if ((await this.find(name)) !== null) return 'taken';
    try {
      await this.windows.create([{ ...window, _id: name, relied: 0 }]);
      return 'created';
    } catch (error) {
      // Another request created it at the same moment.
      if (isDuplicateKey(error)) return 'taken';
      throw error;
    }
  }

  async find(name: string): Promise<MaintenanceWindow | null> {
    const document = await this.windows.findOne({ _id: { $eq: name } }).lean<MaintenanceWindowDocument>();
    return document && toWindow(document);
  }

  async all(): Promise<MaintenanceWindow[]> {
    const documents = await this.windows.find().sort({ _id: 1 }).lean<MaintenanceWindowDocument[]>();
    return documents.map(toWindow);
  }

  async change(name: string, version: number, change: WindowChange): Promise<MaintenanceWindow | 'conflict'> {
    const document = await this.windows
      .findOneAndUpdate(
        { _id: { $eq: name }, version: { $eq: version } },
        { $set: change, $inc: { version: 1 } },
        { returnDocument: 'after' },
      )
      .lean<MaintenanceWindowDocument>();
    return document ? toWindow(document) : 'conflict';
  }

  async remove(name: string): Promise<boolean> {
    const { deletedCount } = await this.windows.deleteOne({ _id: { $eq: name } });
    return deletedCount > 0;
  }

  async rely(name: string): Promise<boolean> {
    const { matchedCount } = await this.windows.updateOne({ _id: { $eq: name } }, { $inc: { relied: 1 } });
    return matchedCount > 0;
  }

  async open({ name, at }: WindowOpening): Promise<MaintenanceWindow | null> {
    const window = await this.find(name);
    if (window === null) return null;
    const opened = { at, until: at + window.durationMs };
    await this.windows.updateOne(
      { _id: { $eq: name }, $or: [{ opened: { $exists: false } }, { 'opened.at': { $lt: at } }] },
      { $set: { opened } },
    );
    return this.find(name);
  }

  async scheduled(name: string, version: number, openings: readonly EpochMs[]): Promise<void> {
    await this.windows.updateOne(
      { _id: { $eq: name }, version: { $eq: version } },
      { $set: { scheduled: { version, openings: [...openings], problem: '' } } },
    );
  }

  async notScheduled(name: string, problem: string): Promise<void> {
    await this.windows.updateOne({ _id: { $eq: name } }, { $set: { 'scheduled.problem': problem } });
  }
}

function toWindow({ _id, relied: _relied, ...same }: MaintenanceWindowDocument): MaintenanceWindow {
  return { ...same, name: _id };
}
