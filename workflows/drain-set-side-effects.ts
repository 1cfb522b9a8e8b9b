import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { DrainSetActivities } from '../activities/drain-set-activities.js';

/** All side effects of a drain set. Retried without limit: each is idempotent. */

const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' } as const;

/** 15 s is ample for a decision, which gives up a busy database after 5. */
export const {
  beginDrain,
  releaseNode,
  endUpdate,
  holdDrainSet,
  projectDrainSet,
  lookAtWindow,
  lookAtDrains: lookOnceAtDrains,
} = proxyActivities<DrainSetActivities>({ startToCloseTimeout: '15s', retry });

/** Local: frequent, and one read. Limited to 5 s, for the reason given in workflows/side-effects.ts for `lookForHeartbeat`. */
export const { lookAtDrains } = proxyLocalActivities<DrainSetActivities>({
  scheduleToCloseTimeout: '5s',
  retry: { initialInterval: '200ms', maximumAttempts: 3 },
});

/** For runs without looks (see `patched` in drain-set.ts). It returns or fails at once, and is retried for as long as the drain takes. */
export const { watchDrain } = proxyActivities<DrainSetActivities>({
  startToCloseTimeout: '30d',
  heartbeatTimeout: '15s',
  retry,
});
