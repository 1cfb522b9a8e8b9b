import type { HeartbeatSlotState } from '../../contract/history.js';
import type { EpochMs } from '../../contract/states.js';
import { overlap, type Stretch } from '../mechanics/stretch.js';

/** A heartbeat that came, or several that came within a minute. */
export interface Beat {
  /** When it came, or the last of them. */
  at: EpochMs;
  /** It is known to have come late, or one of them is. */
  late?: boolean;
}

export interface StripRequest {
  /** The earliest first; some from before `from` tell how the first slots did. */
  beats: readonly Beat[];
  from: EpochMs;
  to: EpochMs;
  slotMs: number;
  /** Between two beats, in milliseconds: after more than this the second one is late. */
  toleranceMs: number;
  /** How long before `to` a beat may have come that is not among them yet, in milliseconds. */
  unwrittenMs: number;
  /** Since when the node is expected to beat; null where it is not. */
  since: EpochMs | null;
  /** When the control plane was not listening: nobody is late for that. */
  blind: readonly Stretch[];
}

export interface Strip {
  from: EpochMs;
  slotMs: number;
  slots: HeartbeatSlotState[];
}

/** What became of the heartbeats that were due, slot by slot. Slots are counted from the epoch on, so that they stay where they are as time goes by. */
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
  // Beats come a little sooner or later than told, so a slot of one interval may be stepped over by two that are in time.
  return isTooLong({ from: before, to: beats[next]?.at ?? to - unwrittenMs }, request) ? 'missed' : 'received';
}

function isTooLong(gap: Stretch, { toleranceMs, blind }: StripRequest): boolean {
  return gap.to - gap.from - overlap(blind, gap) > toleranceMs;
}
