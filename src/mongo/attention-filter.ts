import type { QueryFilter } from 'mongoose';
import type { Attention } from '../../contract/attention.js';
import { SOON_MS } from '../../contract/catching-up.js';
import { IN_SERVICE } from '../../contract/fleet-state.js';
import type { EpochMs } from '../../contract/states.js';
import type { NodeDocument } from './schemas/node.schema.js';

/** Uids of nodes, by what their heartbeats say. */
export interface FoundBeats {
  /** Older than their nodes may be silent. */
  overdue?: readonly string[] | undefined;
  /** Followed by a goodbye. */
  stopped?: readonly string[] | undefined;
}

/** Of living nodes, in the words of the indexes that are partial. @param beats what `lost` and `overdue` go by */
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
