import type { DrainMemberState } from '../../../contract/drain-set.js';
import type { Tone } from '../parts/state-word.js';
import type { NodeSet } from './set-kind.js';
import { leftBy } from './set-progress.js';

const STATES: Record<NodeSet['state'], { word: string; tone: Tone }> = {
  RUNNING: { word: 'Running', tone: 'busy' },
  PAUSED: { word: 'Paused', tone: 'warn' },
  HELD: { word: 'Held by failures', tone: 'bad' },
  CANCELLING: { word: 'Being cancelled', tone: 'warn' },
  CANCELLED: { word: 'Cancelled', tone: 'idle' },
  DONE: { word: 'Done', tone: 'ok' },
};

/** A set's state for people. It is shown as good only if all of its nodes are. */
export function setWord(set: Pick<NodeSet, 'state' | 'counts'>): { word: string; tone: Tone } {
  const left = leftBy(set);
  return left > 0 ? { word: `Done, but for ${left}`, tone: 'warn' } : STATES[set.state];
}

const MEMBERS: Record<DrainMemberState, { word: string; tone: Tone }> = {
  QUEUED: { word: 'Waiting for its turn', tone: 'idle' },
  DRAINING: { word: 'Draining', tone: 'busy' },
  UPDATING: { word: 'Updating', tone: 'busy' },
  DRAINED: { word: 'Drained', tone: 'ok' },
  UPDATED: { word: 'Updated', tone: 'ok' },
  FAILED: { word: 'Failed', tone: 'bad' },
  NOT_MANAGED: { word: 'Updates not allowed', tone: 'warn' },
  ALREADY: { word: 'Already done', tone: 'idle' },
  SKIPPED: { word: 'Skipped', tone: 'warn' },
  ACTIVATED: { word: 'Activated by a person', tone: 'warn' },
  REJECTED: { word: 'Rejected', tone: 'warn' },
  REMOVED: { word: 'Removed', tone: 'warn' },
  RELEASED: { word: 'Activated again', tone: 'idle' },
  NOT_BEGUN: { word: 'Not started', tone: 'idle' },
};

export function memberWord(state: DrainMemberState): { word: string; tone: Tone } {
  return MEMBERS[state];
}
