import type { Model, UpdateQuery } from 'mongoose';
import { isDuplicateKey } from './duplicate-key.js';

interface NamedDocument {
  /** The name. */
  _id: string;
  /** Grows with each change. */
  version: number;
}

interface NamedRecordsOptions<Document, Item> {
  /** How many there may be. */
  most: number;
  sort: Record<string, 1>;
  map: (document: Document) => Item;
}

/** Records that people name, of which there are never many. A change names the version that it was made from. */
export class NamedRecords<Document extends NamedDocument, Item> {
  constructor(
    private readonly model: Model<Document>,
    private readonly options: NamedRecordsOptions<Document, Item>,
  ) {}

  /** @returns why not, where there are as many as there may be, or one of this name */
  async create(document: Document): Promise<'created' | 'full' | 'taken'> {
    const { most } = this.options;
    if ((await this.model.countDocuments({}, { limit: most })) >= most) return 'full';
    if ((await this.find(document._id)) !== null) return 'taken';
    try {
      await this.model.create([document]);
      return 'created';
    } catch (error) {
      // Another request created it at the same moment.
      if (isDuplicateKey(error)) return 'taken';
      throw error;
    }
  }

  async find(name: string): Promise<Item | null> {
    const document = await this.model.findOne({ _id: { $eq: name } }).lean<Document>();
    return document && this.options.map(document);
  }

  async all(): Promise<Item[]> {
    const { sort, map } = this.options;
    return (await this.model.find().sort(sort).lean<Document[]>()).map(map);
  }

  /** @returns `conflict` where it is of another version, or gone */
  async change(name: string, version: number, change: object): Promise<Item | 'conflict'> {
    const update = { $set: change, $inc: { version: 1 } } as UpdateQuery<Document>;
    const document = await this.model
      .findOneAndUpdate({ _id: { $eq: name }, version: { $eq: version } }, update, { returnDocument: 'after' })
      .lean<Document>();
    return document ? this.options.map(document) : 'conflict';
  }

  /** @returns false where there is none */
  async remove(name: string): Promise<boolean> {
    const { deletedCount } = await this.model.deleteOne({ _id: { $eq: name } });
    return deletedCount > 0;
  }
}
