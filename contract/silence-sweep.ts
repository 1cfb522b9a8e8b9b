/** The singleton workflow that finds silent nodes for the whole fleet: its type's name, and its id. */
export const SILENCE_SWEEPER_WORKFLOW = 'silenceSweeper';
export const SILENCE_SWEEPER_ID = 'silence-sweeper';

/** Task queue of the sweep alone, which holds a slot for minutes. */
export function silenceSweepQueue(taskQueue: string): string {
  return `${taskQueue}-sweep`;
}
