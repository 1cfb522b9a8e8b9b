import { makeContinueAsNewFunc, patched, sleep, workflowInfo, type Workflow } from '@temporalio/workflow';

/**
 * Keeps a run's history short enough to replay quickly. A run also ends when its worker's version is no longer current: the next run begins on
 * the current one. See docs/adr/0033.
 */
export function runShouldEnd({ maxRunEvents }: { maxRunEvents: number }): boolean {
  const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged, historyLength } = workflowInfo();
  return continueAsNewSuggested || targetWorkerDeploymentVersionChanged || historyLength >= maxRunEvents;
}

/**
 * Whether a run that should end does so although changes are pending, which the next run projects: under a steady stream of signals some always
 * are. Call it for such runs only: the patch leaves a marker in the history.
 */
export function leavesChangesToTheNext(): boolean {
  return patched('leaves-news-to-the-next-run');
}

/**
 * Await this before a run ends. The reason to end may arrive in the same task as an update, which fails if that task is the run's last
 * (server 1.29).
 */
export async function afterUpdates(): Promise<void> {
  const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo();
  if (targetWorkerDeploymentVersionChanged || (continueAsNewSuggested && leavesChangesToTheNext()))
    await sleep(1, { summary: 'the end of this run' });
}

/** Continues as new with the same memo and search attributes, on the version of workers that is current then. */
export function nextRun<Life extends Workflow>(): (...args: Parameters<Life>) => Promise<never> {
  const { memo, typedSearchAttributes } = workflowInfo();
  return makeContinueAsNewFunc<Life>({
    ...(memo && { memo }),
    typedSearchAttributes,
    initialVersioningBehavior: 'AUTO_UPGRADE',
  });
}
