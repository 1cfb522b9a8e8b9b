import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { DrainSetActivities } from '../activities/drain-set-activities.js';

/** Everything that a drain set does to the world outside its own state. Retried without end: each is idempotent. */

const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' } as const;

/** 15 s is ample for a decision, which gives up a busy database after 5. */
export const { beginDrain, releaseNode, projectDrainSet, lookAtDrains: lookOnceAtDrains } = proxyActivities<DrainSetActivities>({ startToCloseTimeout: '15s', retry });

/** Local, as it happens again and again and is one read. Given up after 5 s, for the reason that workflows/world.ts gives of `lookForHeartbeat`. */
export const { lookAtDrains } = proxyLocalActivities<DrainSetActivities>({ scheduleToCloseTimeout: '5s', retry: { initialInterval: '200ms', maximumAttempts: 3 } });

/** For runs that began before there were looks. It ends at once, and is tried again for as long as the drain takes. */
export const { watchDrain } = proxyActivities<DrainSetActivities>({ startToCloseTimeout: '30d', heartbeatTimeout: '15s', retry });
