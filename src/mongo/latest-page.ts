import type { Model, QueryFilter } from 'mongoose';
import type { Page, PageRequest } from '../http/page.js';
import { decodeCursor, encodeCursor } from './cursor.js';

/** One page of a filter's matches, latest or oldest first. */
export async function pageOfLatest<Document extends { _id: string }, Item>(list: {
  model: Model<Document>;
  filter: QueryFilter<Document>;
  /** The field with the time, in milliseconds, by which an index ends, followed by `_id`. */
  time: keyof Document & string;
  page: PageRequest;
  oldestFirst?: boolean;
  map: (document: Document) => Item;
  /** Projection of fields to leave out. */
  without?: Readonly<Record<string, 0>>;
}): Promise<Page<Item>> {
  const { model, filter, time, page, map, oldestFirst = false, without = {} } = list;
  const order = `${model.modelName}-${time}${oldestFirst ? '-oldest' : ''}`;
  const [beyond, direction] = oldestFirst ? (['$gt', 1] as const) : (['$lt', -1] as const);
  const after = page.cursor === undefined ? undefined : decodeCursor(order, 'number', page.cursor);
  const further = after
    ? { $or: [{ [time]: { [beyond]: after.key } }, { [time]: { $eq: after.key }, _id: { [beyond]: after.id } }] }
    : {};
  const found = await model
    .find({ $and: [filter, further as QueryFilter<Document>] }, without)
    .sort({ [time]: direction, _id: direction })
    .limit(page.limit + 1)
    .lean<Document[]>();
  const items = found.slice(0, page.limit);
  const last = items.at(-1);
  const more = found.length > page.limit && last !== undefined;
  return {
    items: items.map(map),
    nextCursor: more ? encodeCursor(order, { key: Number(last[time]), id: last._id }) : null,
  };
}
