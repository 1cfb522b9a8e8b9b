import {
  DRAIN_MEMBER_STATES,
  isDrainSetOver,
  type DrainMemberState,
  type DrainSetWish,
} from '../../../contract/drain-set.js';
import type { NodeSet } from './set-kind.js';

/** How many nodes of a set stand where. */
export interface SetProgress {
  total: number;
  /** As it was wanted. */
  well: number;
  /** Over in another way: somebody should look. */
  otherwise: number;
  underWay: number;
}

const WELL: readonly DrainMemberState[] = ['DRAINED', 'UPDATED', 'ALREADY'];
/** Of a set that was cancelled: it left them as they were. */
const LEFT: readonly DrainMemberState[] = ['RELEASED', 'NOT_BEGUN'];

export function progressOf({ counts }: Pick<NodeSet, 'counts'>): SetProgress {
  const sumOf = (states: readonly DrainMemberState[]) => states.reduce((sum, state) => sum + counts[state], 0);
  const total = sumOf(DRAIN_MEMBER_STATES);
  const well = sumOf(WELL);
  const underWay = counts.DRAINING + counts.UPDATING;
  const rest = counts.QUEUED + sumOf(LEFT);
  return { total, well, underWay, otherwise: total - well - underWay - rest };
}

/** Of a set that is done: how many nodes it could not bring where they were wanted. */
export function leftBy(set: Pick<NodeSet, 'state' | 'counts'>): number {
  return set.state === 'DONE' ? progressOf(set).otherwise : 0;
}

/** Why a set cannot be ruled so now, in a sentence; undefined where it can. */
export function whyNotRuled(wish: DrainSetWish, { state }: Pick<NodeSet, 'state'>): string | undefined {
  if (isDrainSetOver(state)) return 'It is over.';
  if (state === 'CANCELLING') return 'It is being cancelled.';
  if (wish === 'pause' && state !== 'RUNNING') return 'It is paused already.';
  if (wish === 'resume' && state === 'RUNNING') return 'It is running.';
  return undefined;
}
