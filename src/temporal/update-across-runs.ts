import { setTimeout as pause } from 'node:timers/promises';
import { isGrpcServiceError, type WorkflowHandle } from '@temporalio/client';
import { innermostOf } from './temporal-failure.js';

/** Each run of a lifecycle takes hundreds of updates: one that meets the ends of so many runs meets something else. */
const MOST_RUNS = 4;
const NEXT_RUN_MS = 50;

/**
 * Asks a workflow for an update that may be asked for twice. Whatever comes while a run ends makes the task fail that ends it, and the server
 * gives up the updates that this task carried: the next task, or the next run, takes them.
 * @throws what executeUpdate does
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

/** What server 1.29 says of updates whose task failed, as FAILED_PRECONDITION; there is no type of its own for it. */
function isOfFailedTask(error: unknown): boolean {
  const cause = innermostOf(error);
  return isGrpcServiceError(cause) && cause.details.includes('unexpected workflow task failure');
}
