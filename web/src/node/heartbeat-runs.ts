import type { NodeHistory } from '../../../client/index.js';
import type { HeartbeatSlotState } from '../../../contract/history.js';

type Heartbeats = NodeHistory['heartbeats'];

/** Consecutive slots of one fate; times in milliseconds since 1970. */
export interface Run {
  state: HeartbeatSlotState;
  /** Index of the first slot. */
  index: number;
  length: number;
  from: number;
  to: number;
}

/** Merges neighbours of the same fate: a good hour is one run instead of 240 slots. */
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
