import { setTimeout as pause } from 'node:timers/promises';
import { isGrpcServiceError, type WorkflowHandle } from '@temporalio/client';
import { innermostOf } from './temporal-failure.js';

/** Maximum number of attempts. A run takes hundreds of updates: failing at the ends of more runs must have another cause. */
const MOST_RUNS = 4;
const NEXT_RUN_MS = 50;

/**
 * Executes an idempotent update, and retries it when a run ends meanwhile. Whatever arrives during the last task of a run fails that task, and
 * the server drops the updates that the task carried; the next task, or the next run, accepts them.
 * @throws as executeUpdate does
 */
export async function updateAcrossRuns(handle: WorkflowHandle, name: string, payload: object): Promise<void> {
  for (let runs = 1; ; runs += 1) {
    try {
      await handle.executeUpdate<void, [object]>(name, { args: [payload] });
      return;
    } catch (error) {
      if (runs === MOST_RUNS || !isOfFailedTask(error)) throw error;
      await pause(NEXT_RUN_MS);
    }
  }
}

/** Recognizes the server's error for updates whose task failed by its text: server 1.29 has only FAILED_PRECONDITION for it. */
function isOfFailedTask(error: unknown): boolean {
  const cause = innermostOf(error);
  return isGrpcServiceError(cause) && cause.details.includes('unexpected workflow task failure');
}
