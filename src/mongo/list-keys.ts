import type { mongo } from 'mongoose';
import { naturalKey, versionKey } from '../../contract/node-order.js';
import type { Batch } from './migrations.js';
import type { NodeDocument } from './schemas/node.schema.js';

/** Keys by which nodes are sorted and searched. Derived from other fields of the document at each write, so that they can be indexed. */
export interface ListKeys {
  /** Sorts ids in natural order: node-2 before node-10. */
  id: string;
  /** Id, hostname, labels and description in lower case, one per line. */
  text: string;
  /** Sorts the agent's version by its numbers; absent where the agent has not reported it. */
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
 * Writes the keys of living nodes whose keys are missing or outdated: nodes written before the keys existed, or by an older replica since.
 * Idempotent.
 * @param position the last uid of the previous batch
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

/** Matches the document as it was read. One that has changed since needs no mending: its writer wrote the keys too. */
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
