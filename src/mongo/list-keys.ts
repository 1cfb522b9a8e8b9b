import type { mongo } from 'mongoose';
import { naturalKey, versionKey } from '../../contract/node-order.js';
import type { Batch } from './migrations.js';
import type { NodeDocument } from './schemas/node.schema.js';

/** By what nodes are listed and found: made of the rest of the document, whoever writes that, so that an index can have it. */
export interface ListKeys {
  /** In the order that people count in. */
  id: string;
  /** Id, hostname, labels and description in small letters, a line each. */
  text: string;
  /** Of its agent, by what it counts; absent where it has not said. */
  version?: string;
}

type Listed = Pick<NodeDocument, 'name' | 'labels' | 'description' | 'info'>;

export function listKeys({ name, labels, description, info }: Listed): ListKeys {
  const lines = [name, info?.hostname ?? '', ...labels.map(({ key, value }) => `${key}=${value}`), description];
  return {
    id: naturalKey(name),
    text: lines.join('\n').toLowerCase(),
    ...(info && { version: versionKey(info.agentVersion) }),
  };
}

const AT_ONCE = 1_000;

/**
 * Gives the keys to living nodes that lack them or have others: those of before there were keys, and those that an older replica has written
 * since. A batch that is done twice leaves the same.
 * @param position the last uid of the batch before
 * @returns undefined where no node is left
 */
export async function mendListKeys(db: mongo.Db, position: unknown): Promise<(Batch & { mended: number }) | undefined> {
  const nodes = db.collection<NodeDocument>('nodes');
  const after = typeof position === 'string' ? { _id: { $gt: position } } : {};
  const found = await nodes
    .find({ living: true, ...after })
    .project<Listed & Pick<NodeDocument, '_id' | 'listed'>>({
      name: 1,
      labels: 1,
      description: 1,
      'info.hostname': 1,
      'info.agentVersion': 1,
      listed: 1,
    })
    .sort({ _id: 1 })
    .limit(AT_ONCE)
    .toArray();
  const last = found.at(-1);
  if (last === undefined) return undefined;
  const updates = found.flatMap((node) => {
    const listed = listKeys(node);
    return isSame(node.listed, listed)
      ? []
      : [{ updateOne: { filter: unchanged(node), update: { $set: { listed } } } }];
  });
  const mended = updates.length === 0 ? 0 : (await nodes.bulkWrite(updates, { ordered: false })).modifiedCount;
  return { position: last._id, documents: found.length, mended };
}

function isSame(before: ListKeys | undefined, { id, text, version }: ListKeys): boolean {
  return before?.id === id && before.text === text && before.version === version;
}

/** Whoever writes what the keys are made of writes them too: what has changed since it was read is right already. */
function unchanged({ _id, labels, description, info }: Listed & Pick<NodeDocument, '_id'>) {
  return {
    _id,
    living: true as const,
    labels,
    description,
    'info.hostname': info?.hostname ?? null,
    'info.agentVersion': info?.agentVersion ?? null,
  };
}
