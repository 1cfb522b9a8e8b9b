import type { HeartbeatSlotState } from '../../contract/history.js';
import type { EpochMs } from '../../contract/states.js';
import { overlap, type Stretch } from '../mechanics/stretch.js';

/** A heartbeat, or those of one minute. */
export interface Beat {
  /** Time of arrival, of the last one. */
  at: EpochMs;
  /** Whether any of them is known to have been late. */
  late?: boolean;
}

export interface StripRequest {
  /** Earliest first, including some from before `from`, by which the first slots are judged. */
  beats: readonly Beat[];
  from: EpochMs;
  to: EpochMs;
  slotMs: number;
  /** Maximum time between two beats, in milliseconds, after which the second is late. */
  toleranceMs: number;
  /** Time before `to` within which beats may not be written yet, in milliseconds. */
  unwrittenMs: number;
  /** When the node began to be expected to beat; null where it is not. */
  since: EpochMs | null;
  /** Blind spots, in which no beat is late. */
  blind: readonly Stretch[];
}

export interface Strip {
  from: EpochMs;
  slotMs: number;
  slots: HeartbeatSlotState[];
}

/** The fate of due heartbeats, slot by slot. Slots are counted from the epoch, so that they do not move as time passes. */
export function heartbeatStrip(request: StripRequest): Strip {
  const { beats, from, to, slotMs } = request;
  const first = Math.floor(from / slotMs) * slotMs;
  const slots: HeartbeatSlotState[] = [];
  let next = 0;
  const advanceTo = (time: EpochMs) => {
    while ((beats[next]?.at ?? Infinity) < time) next += 1;
    return next;
  };
  for (let begin = first; begin <= to; begin += slotMs) {
    const inside = { first: advanceTo(begin), after: advanceTo(begin + slotMs) };
    const slot = { from: begin, to: Math.min(begin + slotMs, to) };
    slots.push(inside.first < inside.after ? stateWith(inside, request) : stateWithout(slot, inside.after, request));
  }
  return { from: first, slotMs, slots };
}

function stateWith({ first, after }: { first: number; after: number }, request: StripRequest): HeartbeatSlotState {
  for (let index = first; index < after; index += 1) {
    const [before, beat] = [request.beats[index - 1], request.beats[index]];
    if (beat?.late === true || (before && beat && isTooLong({ from: before.at, to: beat.at }, request))) return 'late';
  }
  return 'received';
}

/** @param next the first beat after the slot */
function stateWithout(slot: Stretch, next: number, request: StripRequest): HeartbeatSlotState {
  const { beats, since, to, unwrittenMs, blind } = request;
  const before = beats[next - 1]?.at ?? since;
  if (before === null || before >= slot.to) return 'before';
  if (overlap(blind, slot) > 0) return 'blind';
  // Beats vary a little in time, so two punctual ones may leave a slot of one interval empty.
  return isTooLong({ from: before, to: beats[next]?.at ?? to - unwrittenMs }, request) ? 'missed' : 'received';
}

function isTooLong(gap: Stretch, { toleranceMs, blind }: StripRequest): boolean {
  return gap.to - gap.from - overlap(blind, gap) > toleranceMs;
}
