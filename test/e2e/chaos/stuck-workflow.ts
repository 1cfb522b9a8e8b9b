import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';

const LAST_EVENTS = 12;
const { EventType } = proto.temporal.api.enums.v1;
const { History } = proto.temporal.api.history.v1;

type Time = { seconds?: { toString(): string } | number | null } | null | undefined;

const clock = (time: Time): string => new Date(Number(time?.seconds ?? 0) * 1_000).toISOString().slice(11, 19);

/**
 * Where an unresponsive workflow is stuck: its pending task, its pending activities, its last events; if its tasks fail, the whole history,
 * for a replay. Never rejects.
 */
export async function describeStuck(workflow: WorkflowHandle): Promise<string> {
  try {
    const { status, historyLength, raw } = await workflow.describe();
    const history = await workflow.fetchHistory();
    const { events } = history;
    const task = raw.pendingWorkflowTask;
    const fails = events?.slice(-LAST_EVENTS).some((event) => event.workflowTaskFailedEventAttributes) === true;
    return `${workflow.workflowId} at ${clock({ seconds: Date.now() / 1_000 })}: ${JSON.stringify({
      status: status.name,
      historyLength,
      task: task && { state: task.state, attempt: Number(task.attempt), scheduled: clock(task.scheduledTime) },
      activities: raw.pendingActivities?.map(({ activityType, attempt, lastFailure }) =>
        [activityType?.name, attempt, lastFailure?.message].join(' '),
      ),
      last: events?.slice(-LAST_EVENTS).map((event) => {
        const failure = event.workflowTaskFailedEventAttributes?.failure?.message ?? '';
        return `${clock(event.eventTime)} ${EventType[event.eventType ?? 0]} ${failure}`.trim();
      }),
      // In the form of `test/histories`.
      ...(fails && {
        history: History.toObject(History.fromObject(history), { enums: String, longs: String, bytes: String }),
      }),
    })}`;
  } catch (error) {
    return `${workflow.workflowId}: neither it nor its history can be read: ${(error as Error).message}`;
  }
}
