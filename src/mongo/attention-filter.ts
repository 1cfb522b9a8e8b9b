import type { QueryFilter } from 'mongoose';
import type { Attention } from '../../contract/attention.js';
import { SOON_MS } from '../../contract/catching-up.js';
import { IN_SERVICE } from '../../contract/fleet-state.js';
import type { EpochMs } from '../../contract/states.js';
import type { NodeDocument } from './schemas/node.schema.js';

/** Of living nodes, in the words of the indexes that are partial. @param overdueUids of heartbeats that are older than their nodes may be silent */
export function attentionFilter(
  attention: Attention,
  now: EpochMs,
  overdueUids: readonly string[] = [],
): QueryFilter<NodeDocument> {
  return { type: 'Compute', ...CONDITIONS[attention](now, overdueUids) };
}

const CONDITIONS: Record<Attention, (now: EpochMs, overdue: readonly string[]) => QueryFilter<NodeDocument>> = {
  lost: () => ({ phase: { $in: [...IN_SERVICE] }, liveness: { $in: ['UNHEALTHY', 'UNKNOWN'] } }),
  overdue: (_now, overdue) => ({ _id: { $in: [...overdue] }, liveness: 'HEALTHY' }),
  copied: () => ({ 'copied.since': { $gt: 0 } }),
  lateDrain: (now) => ({ phase: 'DRAINING', 'decision.availability.deadline': { $gt: 0, $lt: now - SOON_MS } }),
  unapplied: (now) => ({ phase: { $ne: 'REGISTERED' }, unappliedSince: { $lt: now - SOON_MS } }),
  unfit: () => ({ 'conditions.status': 'UNFIT' }),
  pending: () => ({ phase: 'PENDING' }),
};
