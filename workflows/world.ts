import { patched, proxyActivities, proxyLocalActivities, TemporalFailure } from '@temporalio/workflow';
import type { LifecycleActivities } from '../activities/create-activities.js';
import type { Projection, ProjectionRefusal } from '../activities/ports.js';

/** Everything that a lifecycle does to the world outside its own state. */

/**
 * Retried without end: each is idempotent, and a node's life must go on where it stopped, however long MongoDB is away.
 * 10 s is ample for a write by primary key; a worker that died is noticed no later than that.
 */
export const { projectNode, removeNode, reconcileNode, terminateSessions } = proxyActivities<LifecycleActivities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' },
});

const withinTask = proxyLocalActivities<LifecycleActivities>({ scheduleToCloseTimeout: '1s', retry: { maximumAttempts: 1 } });

/**
 * Whether all of a life's beginning happens in its first task, a look for heartbeats included where that task came late: see docs/adr/0016.
 * To be asked before anything else. A local activity may end in another task than the one it began in, and a replay, which takes the two
 * for one, would not know yet of a patch that was first asked for in the second.
 */
export function beginsWithinItsTask(): boolean {
  return patched('begins-within-its-task');
}

/**
 * Whether what is as it was is no news, and what was not told yet is taken back where it turns out otherwise. Runs that did otherwise
 * before are replayed as they were. To be asked where it makes a difference, and no sooner: the answer leaves a mark in the history.
 */
export function tellsOnlyNews(): boolean {
  return patched('tells-only-news');
}

/**
 * Tells MongoDB of a life that has just begun, within the task in which it began: in a crowd that halves what a node's start
 * costs Temporal. One try, and then as ever: signals that come meanwhile wait no longer than that.
 * @param isWithinTask whether {@link beginsWithinItsTask}
 */
export async function projectFirst(projection: Projection, isWithinTask: boolean): Promise<ProjectionRefusal | undefined> {
  // Lives that began before the one patch have the other, or an activity in its place.
  if (!isWithinTask && !patched('beginning-projected-within-its-task')) return projectNode(projection);
  try {
    return await withinTask.projectNode(projection);
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    return projectNode(projection);
  }
}

/**
 * Local, because it happens once per node and timeout, and needs no history of its own. Given up after 5 s, tries, pauses and the
 * worker's queue included: it holds up the signals that come meanwhile. And a task that goes on for 8 s (four fifths of its
 * time-out) is kept alive by another, which replay takes for one with it: what the workflow had read of its history's length by
 * then would be read as more, and its end could come sooner than it did.
 */
export const { lookForHeartbeat } = proxyLocalActivities<LifecycleActivities>({
  scheduleToCloseTimeout: '5s',
  retry: { initialInterval: '200ms', maximumAttempts: 3 },
});

/** Whether the grace of a drain's deadline is not over for a silent node while a mass silence lasts. */
export function graceWaitsOutMassSilence(): boolean {
  return patched('grace-waits-out-mass-silence');
}
