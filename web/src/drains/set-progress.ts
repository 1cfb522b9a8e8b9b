import {
  DRAIN_MEMBER_STATES,
  isDrainSetOver,
  type DrainMemberState,
  type DrainSetWish,
} from '../../../contract/drain-set.js';
import type { NodeSet } from './set-kind.js';

/** How many nodes of a set are in which stage. */
export interface SetProgress {
  total: number;
  /** Successful. */
  well: number;
  /** Over with another outcome, which needs attention. */
  otherwise: number;
  underWay: number;
}

const WELL: readonly DrainMemberState[] = ['DRAINED', 'UPDATED', 'ALREADY'];
const UNDER_WAY: readonly DrainMemberState[] = ['DRAINING', 'UPDATING'];
/** Left as they were by a cancelled set. */
const LEFT: readonly DrainMemberState[] = ['RELEASED', 'NOT_BEGUN'];

export function progressOf({ counts }: Pick<NodeSet, 'counts'>): SetProgress {
  const sumOf = (states: readonly DrainMemberState[]) => states.reduce((sum, state) => sum + counts[state], 0);
  const total = sumOf(DRAIN_MEMBER_STATES);
  const well = sumOf(WELL);
  const underWay = counts.DRAINING + counts.UPDATING;
  const rest = counts.QUEUED + sumOf(LEFT);
  return { total, well, underWay, otherwise: total - well - underWay - rest };
}

/** Ids of the nodes that a ruling still applies to. */
export function unfinishedOf({ state: of, nodes }: Pick<NodeSet, 'state' | 'nodes'>): string[] {
  if (isDrainSetOver(of) || nodes === null) return [];
  return nodes.filter(({ state }) => state === 'QUEUED' || UNDER_WAY.includes(state)).map(({ id }) => id);
}

/** Of a finished set: how many nodes it could not bring to the wanted state. */
export function leftBy(set: Pick<NodeSet, 'state' | 'counts'>): number {
  return set.state === 'DONE' ? progressOf(set).otherwise : 0;
}

/** Why a set cannot get this ruling now, as a sentence; undefined if it can. */
export function whyNotRuled(wish: DrainSetWish, { state }: Pick<NodeSet, 'state'>): string | undefined {
  if (isDrainSetOver(state)) return 'It is over.';
  if (state === 'CANCELLING') return 'It is being cancelled.';
  if (wish === 'pause' && state !== 'RUNNING') return 'It is already paused.';
  if (wish === 'resume' && state === 'RUNNING') return 'It is running.';
  return undefined;
}
