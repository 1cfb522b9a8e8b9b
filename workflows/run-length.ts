import { patched, sleep, workflowInfo } from '@temporalio/workflow';

/** A run's history is kept short enough to be replayed in a moment. */
export function runIsLong({ maxRunEvents }: { maxRunEvents: number }): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength >= maxRunEvents;
}

/**
 * Whether a run that has grown long ends though there is news, which it leaves to the next one: where something happens many
 * times a second, there always is. To be asked of a long run only: the answer leaves a mark in the history.
 */
export function leavesNewsToTheNext(): boolean {
  return patched('leaves-news-to-the-next-run');
}

/**
 * To be awaited before a run ends. Temporal suggests the end of a run that has been asked for many updates, refused ones among them, and it
 * may do so with the task that brings the next one: that one would fail if the task were the run's last (seen with server 1.29).
 */
export async function afterUpdates(): Promise<void> {
  if (workflowInfo().continueAsNewSuggested && leavesNewsToTheNext()) await sleep(1, { summary: 'the end of this run' });
}
