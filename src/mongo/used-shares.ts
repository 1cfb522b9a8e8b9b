import type { mongo } from 'mongoose';
import type { Resources } from '../../contract/schemas/agents.js';
import type { Batch } from './migrations.js';
import type { HeartbeatDocument } from './schemas/heartbeat.schema.js';

/**
 * Shares of a machine that are in use, by which nodes are ordered. Whole percents: most heartbeats change none, and so leave the indexes
 * untouched.
 */
export interface UsedShares {
  cpu: number;
  memory: number;
}

export function usedShares({ cpu, memory }: Pick<Resources, 'cpu' | 'memory'>): UsedShares {
  return {
    cpu: Math.round(100 * cpu.utilization),
    memory: memory.totalBytes > 0 ? Math.round((100 * memory.usedBytes) / memory.totalBytes) : 0,
  };
}

const AT_ONCE = 1_000;

/** Fills in the shares of heartbeats that were recorded before shares existed; nodes that never beat again would otherwise have none. */
export async function fillUsedShares(db: mongo.Db, position: unknown): Promise<Batch | undefined> {
  const heartbeats = db.collection<HeartbeatDocument>('heartbeats');
  const after = typeof position === 'string' ? { _id: { $gt: position } } : {};
  const found = await heartbeats
    .find(after, { projection: { resources: 1, used: 1, seq: 1, bootId: 1 } })
    .sort({ _id: 1 })
    .limit(AT_ONCE)
    .toArray();
  const last = found.at(-1);
  if (last === undefined) return undefined;
  const updates = found.flatMap(({ _id, bootId, seq, resources, used }) =>
    resources === null || used !== undefined
      ? []
      : [{ updateOne: { filter: { _id, bootId, seq }, update: { $set: { used: usedShares(resources) } } } }],
  );
  if (updates.length > 0) await heartbeats.bulkWrite(updates, { ordered: false });
  return { position: last._id, documents: found.length };
}
