import { proxyActivities } from '@temporalio/workflow';
import type { DrainSetActivities } from '../activities/drain-set-activities.js';

/** Everything that a drain set does to the world outside its own state. Retried without end: each is idempotent. */

const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' } as const;

/** 15 s is ample for a decision, which gives up a busy database after 5. */
export const { beginDrain, releaseNode, projectDrainSet } = proxyActivities<DrainSetActivities>({ startToCloseTimeout: '15s', retry });

/** Looks for as long as the drain takes; a worker that died is noticed by its silence, and another looks on. */
export const { watchDrain } = proxyActivities<DrainSetActivities>({ startToCloseTimeout: '30d', heartbeatTimeout: '15s', retry });
