import type { WindowOpening } from '../contract/maintenance-window.js';
import type { EpochMs } from '../contract/states.js';

/** Outcome of an opening of a maintenance window: how long it is open, or why it does not open. */
export type OpeningOutcome = { is: 'open'; until: EpochMs } | { is: 'closed'; why: string };

export interface WindowPorts {
  /** Records that the window is open, and signals the drain sets that wait for it. Idempotent. */
  open(opening: WindowOpening): Promise<OpeningOutcome>;
}

/** Side effects of openings of maintenance windows. */
export interface WindowActivities {
  openWindow(opening: WindowOpening): Promise<OpeningOutcome>;
}

export function createWindowActivities({ windows }: { windows: WindowPorts }): WindowActivities {
  return { openWindow: (opening) => windows.open(opening) };
}
