import type { WorkflowHandle } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import type { UntakenWork } from '../process/server-probe.js';

const { PendingActivityState, PendingWorkflowTaskState } = proto.temporal.api.enums.v1;

/**
 * What of the sweep for silent nodes waits for a worker. There is always one in some worker's hands, whose heartbeats move it to another worker
 * within ten seconds of its own one's death: that it waits tells of the workers sooner than their polls, which last a minute.
 * @returns undefined where a worker has it
 * @throws WorkflowNotFoundError where there has been no sweep yet, and what Temporal answers else
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
