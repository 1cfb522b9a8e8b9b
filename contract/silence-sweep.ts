/** The singleton workflow that finds silent nodes for the whole fleet: its type's name, and its id. */
export const SILENCE_SWEEPER_WORKFLOW = 'silenceSweeper';
export const SILENCE_SWEEPER_ID = 'silence-sweeper';

/** The task queue of the sweep, which holds its slot for minutes: it takes none that others wait for. */
export function silenceSweepQueue(taskQueue: string): string {
  return `${taskQueue}-sweep`;
}
