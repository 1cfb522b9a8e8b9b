import type { WorkflowService } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { isoTime } from '../../contract/iso-time.js';
import { silenceSweepQueue } from '../../contract/temporal-names.js';
import { webhookQueue } from '../../contract/webhooks.js';
import type { SeenWorker } from '../process/server-probe.js';

const { TaskQueueType } = proto.temporal.api.enums.v1;
const WORKFLOWS = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW;
const ACTIVITIES = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;
/** Maximum number of workers returned. */
const MOST = 200;

/**
 * The workers that polled within the last five minutes, which is how long Temporal remembers them.
 * @throws errors of Temporal's
 */
export async function pollingWorkers(
  service: WorkflowService,
  { namespace, taskQueue }: { namespace: string; taskQueue: string },
): Promise<SeenWorker[]> {
  const queues = [
    { takes: 'workflows', name: taskQueue, taskQueueType: WORKFLOWS },
    { takes: 'activities', name: taskQueue, taskQueueType: ACTIVITIES },
    { takes: 'deliveries', name: webhookQueue(taskQueue), taskQueueType: ACTIVITIES },
    { takes: 'sweeps', name: silenceSweepQueue(taskQueue), taskQueueType: ACTIVITIES },
  ];
  const found = new Map<string, SeenWorker>();
  for (const { takes, name, taskQueueType } of queues) {
    const { pollers } = await service.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType });
    for (const { identity, lastAccessTime, deploymentOptions } of pollers) {
      const at = tsToMs(lastAccessTime);
      const known = found.get(identity ?? '');
      found.set(identity ?? '', {
        identity: identity ?? '',
        takes: [...(known?.takes ?? []), takes],
        lastAsked: isoTime(Math.max(at, Date.parse(known?.lastAsked ?? '') || 0)),
        deployment: deploymentOptions?.deploymentName || null,
        buildId: deploymentOptions?.buildId || null,
      });
    }
  }
  return [...found.values()].slice(0, MOST);
}
