import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { MOST_WINDOWS, type WindowOpening } from '../../contract/maintenance-window.js';
import type { EpochMs } from '../../contract/states.js';
import type { MaintenanceWindow, WindowChange } from '../record/maintenance-window.js';
import { WindowStore } from '../record/window-store.js';
import { NamedRecords } from './named-records.js';
import { MAINTENANCE_WINDOWS, type MaintenanceWindowDocument } from './schemas/maintenance-window.schema.js';

@Injectable()
export class MongoWindowStore extends WindowStore {
  private readonly records: NamedRecords<MaintenanceWindowDocument, MaintenanceWindow>;

  constructor(@InjectModel(MAINTENANCE_WINDOWS) private readonly windows: Model<MaintenanceWindowDocument>) {
    super();
    this.records = new NamedRecords(windows, { most: MOST_WINDOWS, sort: { _id: 1 }, map: toWindow });
  }

  create({ name, ...window }: MaintenanceWindow): Promise<'created' | 'full' | 'taken'> {
    return this.records.create({ ...window, _id: name, relied: 0 });
  }

  find(name: string): Promise<MaintenanceWindow | null> {
    return this.records.find(name);
  }

  all(): Promise<MaintenanceWindow[]> {
    return this.records.all();
  }

  change(name: string, version: number, change: WindowChange): Promise<MaintenanceWindow | 'conflict'> {
    return this.records.change(name, version, change);
  }

  remove(name: string): Promise<boolean> {
    return this.records.remove(name);
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
