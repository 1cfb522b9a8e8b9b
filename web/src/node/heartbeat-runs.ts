import type { NodeHistory } from '../../../client/index.js';
import type { HeartbeatSlotState } from '../../../contract/history.js';

type Heartbeats = NodeHistory['heartbeats'];

/** Slots of one fate, one after the other; times in milliseconds since 1970. */
export interface Run {
  state: HeartbeatSlotState;
  /** Of the first slot. */
  index: number;
  length: number;
  from: number;
  to: number;
}

/** Neighbours of the same fate as one: a good hour is one run, not 240 slots. */
export function runsOf({ from, slotMs, slots }: Heartbeats): Run[] {
  const begin = Date.parse(from);
  const runs: Run[] = [];
  for (const [index, state] of slots.entries()) {
    const last = runs.at(-1);
    const to = begin + (index + 1) * slotMs;
    if (last?.state === state) {
      last.length += 1;
      last.to = to;
    } else {
      runs.push({ state, index, length: 1, from: begin + index * slotMs, to });
    }
  }
  return runs;
}
