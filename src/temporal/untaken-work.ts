import type { WorkflowHandle } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import type { UntakenWork } from '../process/server-probe.js';

const { PendingActivityState, PendingWorkflowTaskState } = proto.temporal.api.enums.v1;

/**
 * The part of the silence sweep that waits for a worker. Normally a worker always has one, and where it dies, missing activity heartbeats move
 * the sweep to another within ten seconds: a waiting sweep reveals missing workers sooner than their polls, which last a minute.
 * @returns undefined where a worker has it
 * @throws WorkflowNotFoundError where there has been no sweep yet; any other error of Temporal's
 */
export async function untakenSweep(sweeper: WorkflowHandle): Promise<UntakenWork | undefined> {
  const { raw, runId } = await sweeper.describe();
  const [sweep] = raw.pendingActivities ?? [];
  if (sweep) {
    if (sweep.state !== PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED) return undefined;
    const since = optionalTsToMs(sweep.lastHeartbeatTime) ?? optionalTsToMs(sweep.scheduledTime);
    return { what: `sweep ${runId} ${sweep.attempt}`, since: since ?? null };
  }
  const task = raw.pendingWorkflowTask;
  if (task?.state !== PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED) return undefined;
  const since = optionalTsToMs(task.originalScheduledTime) ?? optionalTsToMs(task.scheduledTime);
  return { what: `task of ${runId}`, since: since ?? null };
}
