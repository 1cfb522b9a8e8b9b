import type { WindowOpening } from '../contract/maintenance-window.js';
import type { EpochMs } from '../contract/states.js';

/** What became of an opening of a maintenance window: it is open until then, or why it does not open. */
export type OpeningOutcome = { is: 'open'; until: EpochMs } | { is: 'closed'; why: string };

export interface WindowPorts {
  /** Writes down that the window is open, and tells the drain sets that wait for it. Asking twice is asking once. */
  open(opening: WindowOpening): Promise<OpeningOutcome>;
}

/** Side effects of openings of maintenance windows. */
export interface WindowActivities {
  openWindow(opening: WindowOpening): Promise<OpeningOutcome>;
}

export function createWindowActivities({ windows }: { windows: WindowPorts }): WindowActivities {
  return { openWindow: (opening) => windows.open(opening) };
}
