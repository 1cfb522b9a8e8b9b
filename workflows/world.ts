import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { LifecycleActivities } from '../activities/create-activities.js';

/** Everything that a lifecycle does to the world outside its own state. */

/**
 * Retried without end: each is idempotent, and a node's life must go on where it stopped, however long MongoDB is away.
 * 10 s is ample for a write by primary key; a worker that died is noticed no later than that.
 */
export const { projectNode, removeNode, terminateSessions } = proxyActivities<LifecycleActivities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' },
});

/**
 * Local, because it happens once per node and timeout, and needs no history of its own. Given up after three tries:
 * endless retries inside a workflow task would hold up the signals that come meanwhile.
 */
export const { lookForHeartbeat } = proxyLocalActivities<LifecycleActivities>({
  startToCloseTimeout: '5s',
  retry: { initialInterval: '200ms', maximumAttempts: 3 },
});
