import type { QueryFilter } from 'mongoose';
import type { Attention } from '../../contract/attention.js';
import { SOON_MS } from '../../contract/catching-up.js';
import { IN_SERVICE } from '../../contract/fleet-state.js';
import type { EpochMs } from '../../contract/states.js';
import type { NodeDocument } from './schemas/node.schema.js';

/** Uids of nodes found by their heartbeats. */
export interface FoundBeats {
  /** Silent for longer than their timeout. */
  overdue?: readonly string[] | undefined;
  /** Their agents said goodbye. */
  stopped?: readonly string[] | undefined;
}

/**
 * Selects living nodes that need attention. Conditions repeat those of the partial indexes literally: otherwise MongoDB does not use them.
 * @param beats needed for `lost` and `overdue`
 */
export function attentionFilter(attention: Attention, now: EpochMs, beats: FoundBeats = {}): QueryFilter<NodeDocument> {
  return { type: 'Compute', ...CONDITIONS[attention](now, beats) };
}

const CONDITIONS: Record<Attention, (now: EpochMs, beats: FoundBeats) => QueryFilter<NodeDocument>> = {
  lost: (_now, { stopped = [] }) => ({
    phase: { $in: [...IN_SERVICE] },
    liveness: { $in: ['UNHEALTHY', 'UNKNOWN'] },
    ...(stopped.length > 0 && { _id: { $nin: [...stopped] } }),
  }),
  overdue: (_now, { overdue = [] }) => ({ _id: { $in: [...overdue] }, liveness: 'HEALTHY' }),
  copied: () => ({ 'copied.since': { $gt: 0 } }),
  lateDrain: (now) => ({ phase: 'DRAINING', 'decision.availability.deadline': { $gt: 0, $lt: now - SOON_MS } }),
  unapplied: (now) => ({ phase: { $ne: 'REGISTERED' }, unappliedSince: { $lt: now - SOON_MS } }),
  unfit: () => ({ 'conditions.status': 'UNFIT' }),
  pending: () => ({ phase: 'PENDING' }),
};
