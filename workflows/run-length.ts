import { patched, sleep, workflowInfo } from '@temporalio/workflow';

/** Keeps a run's history short enough to replay quickly. */
export function runIsLong({ maxRunEvents }: { maxRunEvents: number }): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength >= maxRunEvents;
}

/**
 * Whether a long run ends although changes are pending, which the next run projects: under a steady stream of signals some always are. Call it
 * for long runs only: the patch leaves a marker in the history.
 */
export function leavesChangesToTheNext(): boolean {
  return patched('leaves-news-to-the-next-run');
}

/**
 * Await this before a run ends. Temporal suggests continue-as-new after many updates, refused ones included, and may do so in the task that
 * delivers the next update, which fails if that task is the run's last (server 1.29).
 */
export async function afterUpdates(): Promise<void> {
  if (workflowInfo().continueAsNewSuggested && leavesChangesToTheNext())
    await sleep(1, { summary: 'the end of this run' });
}
