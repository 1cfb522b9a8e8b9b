import { log, patched, proxyActivities, proxyLocalActivities, TemporalFailure } from '@temporalio/workflow';
import type { LifecycleActivities } from '../activities/create-activities.js';
import type { FitnessLook, PlanLook, Projection, ProjectionRefusal } from '../activities/ports.js';

/** All side effects of a lifecycle. */

/**
 * Retried without limit: each is idempotent, and a lifecycle must continue however long MongoDB is away. 10 s is ample for a write by primary
 * key, and bounds how late a dead worker is noticed.
 */
export const { projectNode, removeNode, reconcileNode, terminateSessions } = proxyActivities<LifecycleActivities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' },
});

/** Limited in time and asked again later, so that the rest of the lifecycle does not wait for it. */
const { judgeFitness, keepPlan } = proxyActivities<LifecycleActivities>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '5s' },
});

/** Looks at the node's conditions; undefined where the activity fails. */
export function lookAtFitness(uid: string): Promise<FitnessLook | undefined> {
  return unlessItFails(judgeFitness({ uid }), 'cannot look at what the checks say: the node stays as it is until then');
}

/** Looks at the node's planned deactivation; undefined where the activity fails. */
export function lookAtPlan(uid: string): Promise<PlanLook | undefined> {
  return unlessItFails(keepPlan({ uid }), 'cannot do what was planned: the node stays as it is until then');
}

async function unlessItFails<Look>(look: Promise<Look>, otherwise: string): Promise<Look | undefined> {
  try {
    return await look;
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    log.warn(otherwise, { error });
    return undefined;
  }
}

/** Whether this run keeps plans. Call it only where there is one: the patch leaves a marker in the history. */
export function keepsPlans(): boolean {
  return patched('keeps-plans');
}

/** Whether this run looks at fitness. Call it only where there is something to look at: the patch leaves a marker in the history. */
export function looksAtFitness(): boolean {
  return patched('looks-at-fitness');
}

const withinTask = proxyLocalActivities<LifecycleActivities>({
  scheduleToCloseTimeout: '1s',
  retry: { maximumAttempts: 1 },
});

/**
 * Whether a lifecycle begins within its first task, including a look for heartbeats if that task is late. See docs/adr/0016. Call it before
 * anything else: a local activity may end in a later task than it began in, which a replay merges, and a patch first asked for in the later
 * task would be unknown to it.
 */
export function beginsWithinItsTask(): boolean {
  return patched('begins-within-its-task');
}

/**
 * Whether unchanged state is not projected, and unprojected events are withdrawn when they turn out wrong. Older runs replay without it. Call it
 * only where it makes a difference: the patch leaves a marker in the history.
 */
export function projectsOnlyChanges(): boolean {
  return patched('tells-only-news');
}

/**
 * Projects a lifecycle's beginning within its first task, which halves what a start costs Temporal. One try, then the activity as usual:
 * signals wait no longer than that.
 * @param isWithinTask whether {@link beginsWithinItsTask}
 */
export async function projectFirst(
  projection: Projection,
  isWithinTask: boolean,
): Promise<ProjectionRefusal | undefined> {
  // Older runs have the other patch, or an activity in its place.
  if (!isWithinTask && !patched('beginning-projected-within-its-task')) return projectNode(projection);
  try {
    return await withinTask.projectNode(projection);
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    return projectNode(projection);
  }
}

/**
 * Local: it happens once per node and timeout, and needs no history of its own. Limited to 5 s, including retries, pauses and the worker's
 * queue, since it delays signals. After four fifths of its time-out a task is kept alive by another one, which a replay merges with it: the
 * workflow would then read a different history length and could end sooner than it did.
 */
export const { lookForHeartbeat } = proxyLocalActivities<LifecycleActivities>({
  scheduleToCloseTimeout: '5s',
  retry: { initialInterval: '200ms', maximumAttempts: 3 },
});

/** Whether the grace period of a drain's deadline waits for the end of a mass silence. */
export function graceWaitsOutMassSilence(): boolean {
  return patched('grace-waits-out-mass-silence');
}
