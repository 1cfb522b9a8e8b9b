import { isDrainSetOver, type DrainMemberState, type DrainSetWish } from '../../../contract/drain-set.js';
import type { Tone } from '../parts/state-word.js';
import type { NodeSet } from './set-kind.js';

/** How many nodes of a set stand where. */
export interface SetProgress {
  total: number;
  /** As it was wanted. */
  well: number;
  /** Over in another way: somebody should look. */
  otherwise: number;
  underWay: number;
  queued: number;
}

const WELL: readonly DrainMemberState[] = ['DRAINED', 'UPDATED', 'ALREADY'];

export function progressOf({ counts }: Pick<NodeSet, 'counts'>): SetProgress {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const well = WELL.reduce((sum, state) => sum + counts[state], 0);
  const underWay = counts.DRAINING + counts.UPDATING;
  return { total, well, underWay, queued: counts.QUEUED, otherwise: total - well - underWay - counts.QUEUED };
}

const STATES: Record<NodeSet['state'], { word: string; tone: Tone }> = {
  RUNNING: { word: 'Running', tone: 'busy' },
  PAUSED: { word: 'Paused', tone: 'warn' },
  HELD: { word: 'Held by failures', tone: 'bad' },
  CANCELLING: { word: 'Being cancelled', tone: 'warn' },
  CANCELLED: { word: 'Cancelled', tone: 'idle' },
  DONE: { word: 'Done', tone: 'ok' },
};

/** A set's state for people. It is well only where all of its nodes are. */
export function setWord(set: Pick<NodeSet, 'state' | 'counts'>): { word: string; tone: Tone } {
  const look = STATES[set.state];
  const { otherwise } = progressOf(set);
  return set.state === 'DONE' && otherwise > 0 ? { word: `Done, but for ${otherwise}`, tone: 'warn' } : look;
}

const MEMBERS: Record<DrainMemberState, { word: string; tone: Tone }> = {
  QUEUED: { word: 'Waits for its turn', tone: 'idle' },
  DRAINING: { word: 'Draining', tone: 'busy' },
  UPDATING: { word: 'Updating', tone: 'busy' },
  DRAINED: { word: 'Drained', tone: 'ok' },
  UPDATED: { word: 'Updated', tone: 'ok' },
  FAILED: { word: 'Failed', tone: 'bad' },
  NOT_MANAGED: { word: 'Not managed', tone: 'warn' },
  ALREADY: { word: 'Was so already', tone: 'idle' },
  SKIPPED: { word: 'Skipped', tone: 'warn' },
  ACTIVATED: { word: 'Activated by somebody', tone: 'warn' },
  REJECTED: { word: 'Rejected', tone: 'warn' },
  REMOVED: { word: 'Removed', tone: 'warn' },
  RELEASED: { word: 'Activated again', tone: 'idle' },
  NOT_BEGUN: { word: 'Not begun', tone: 'idle' },
};

export function memberWord(state: DrainMemberState): { word: string; tone: Tone } {
  return MEMBERS[state];
}

/** Why a set cannot be ruled so now, in a sentence; undefined where it can. */
export function whyNotRuled(wish: DrainSetWish, { state }: Pick<NodeSet, 'state'>): string | undefined {
  if (isDrainSetOver(state)) return 'It is over.';
  if (state === 'CANCELLING') return 'It is being cancelled.';
  if (wish === 'pause' && state !== 'RUNNING') return 'It is paused already.';
  if (wish === 'resume' && state === 'RUNNING') return 'It is running.';
  return undefined;
}
