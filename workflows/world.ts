import { patched, proxyActivities, proxyLocalActivities, TemporalFailure } from '@temporalio/workflow';
import type { LifecycleActivities } from '../activities/create-activities.js';
import type { Projection } from '../activities/ports.js';

/** Everything that a lifecycle does to the world outside its own state. */

/**
 * Retried without end: each is idempotent, and a node's life must go on where it stopped, however long MongoDB is away.
 * 10 s is ample for a write by primary key; a worker that died is noticed no later than that.
 */
const durably = proxyActivities<LifecycleActivities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' },
});

export const { removeNode, terminateSessions } = durably;

/** One try within the workflow task that brought the change: signals that come meanwhile wait no longer than this. */
const inTask = proxyLocalActivities<LifecycleActivities>({
  startToCloseTimeout: '1s',
  retry: { maximumAttempts: 1 },
});

/**
 * Tells MongoDB what has changed. Nearly always that is done within the task at hand, which spares Temporal an activity
 * and a second task; where it fails, the activity is retried without end.
 */
export async function projectNode(projection: Projection): Promise<void> {
  // A node that has sessions is asked for more of them, and an answer leaves only when its task is done: it must not wait for MongoDB.
  const isAwaited = projection.view.activeSessions > 0 || projection.sessionChanges.length > 0;
  // Lives that began before this have only the activity in their histories.
  if (!isAwaited && patched('projected-within-the-task')) {
    try {
      await inTask.projectNode(projection);
      return;
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error;
    }
  }
  await durably.projectNode(projection);
}

/**
 * Local, because it happens once per node and timeout, and needs no history of its own. Given up after three tries:
 * endless retries inside a workflow task would hold up the signals that come meanwhile.
 */
export const { lookForHeartbeat } = proxyLocalActivities<LifecycleActivities>({
  startToCloseTimeout: '5s',
  retry: { initialInterval: '200ms', maximumAttempts: 3 },
});
