import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { AgreedHistory } from '../activities/ports.js';
import { DECISION_ACTIONS } from '../contract/decision.js';
import {
  CONDITIONS_CHANGED_SIGNAL,
  HEARTBEAT_SIGNAL,
  LIFECYCLE_QUERY,
  OPEN_SESSION_UPDATE,
  SESSION_CACHE_QUERY,
  SESSIONS_REPORTED_SIGNAL,
  SILENCE_NOTICED_SIGNAL,
  TERMINATE_SESSION_UPDATE,
  type ConditionsChangedSignal,
  type DecisionSignal,
  type HeartbeatSignal,
  type LifecycleInput,
  type LifecycleOutcome,
  type LifecycleView,
  type OpenSessionUpdate,
  type SessionCacheView,
  type SessionsReportedSignal,
  type SilenceNoticedSignal,
  type TerminateSessionUpdate,
} from '../contract/lifecycle.js';
import { Alarm } from './alarm.js';
import { DisconnectTimer } from './disconnect-timer.js';
import { NodeState } from './node-state.js';
import { drained } from './phases/drained.js';
import { draining } from './phases/draining.js';
import { rejected } from './phases/rejected.js';
import { removed } from './phases/removed.js';
import { afterUpdates, leavesChangesToTheNext, nextRun, runShouldEnd } from './run-length.js';
import { showInWebUI } from './web-ui.js';
import {
  beginsWithinItsTask,
  keepsPlans,
  lookAtFitness,
  lookAtPlan,
  looksAtFitness,
  projectFirst,
  projectNode,
  projectsOnlyChanges,
  reconcileNode,
} from './side-effects.js';

const decisionSignals = DECISION_ACTIONS.map((action) => defineSignal<[DecisionSignal]>(action));
const heartbeat = defineSignal<[HeartbeatSignal]>(HEARTBEAT_SIGNAL);
const sessionsReported = defineSignal<[SessionsReportedSignal]>(SESSIONS_REPORTED_SIGNAL);
const silenceNoticed = defineSignal<[SilenceNoticedSignal]>(SILENCE_NOTICED_SIGNAL);
const conditionsChanged = defineSignal<[ConditionsChangedSignal]>(CONDITIONS_CHANGED_SIGNAL);
const openSession = defineUpdate<void, [OpenSessionUpdate]>(OPEN_SESSION_UPDATE);
const terminateSession = defineUpdate<void, [TerminateSessionUpdate]>(TERMINATE_SESSION_UPDATE);
const lifecycle = defineQuery<LifecycleView>(LIFECYCLE_QUERY);
const sessionCache = defineQuery<SessionCacheView>(SESSION_CACHE_QUERY);

/**
 * The life of one compute node, from its registration to its removal.
 *
 * Signals only change the state; this loop acts on it, one pass per change: it judges liveness when the disconnect timer has run out,
 * carries out the phase, and projects changes into MongoDB and the Web UI. Decisions arrive as signals that carry the whole desired state: the
 * next one makes up for a lost one, and a repeated one changes nothing.
 */
export async function nodeLifecycle(input: LifecycleInput): Promise<LifecycleOutcome> {
  // Cancelling the workflow in the Web UI is not a decision about the node. See docs/adr/0006.
  return CancellationScope.nonCancellable(() => live(input));
}

async function live(input: LifecycleInput): Promise<LifecycleOutcome> {
  const node = new NodeState(input, Date.now(), projectsOnlyChanges);
  const disconnectTimer = new DisconnectTimer(Date.now() + (input.firstLookMs ?? 0));
  const drainTimer = new Alarm('drain timer');
  const confirmationTimer = new Alarm('confirmation timer');
  const fitnessTimer = new Alarm('fitness timer');
  const planTimer = new Alarm('planned deactivation');
  let isBeginning = input.carried === undefined;
  const isWithinTask = isBeginning && beginsWithinItsTask();
  let isActing = false;
  const runEnds = condition(() => isActing && runShouldEnd(input) && leavesChangesToTheNext()).then(
    () => 'run ends' as const,
  );
  /** Stops waiting for an activity when the run should end, since signals lengthen the history meanwhile; the next run continues. */
  const unlessRunEnds = async <Answer>(act: Promise<Answer>): Promise<Answer> => {
    isActing = true;
    const answer = await Promise.race([act, runEnds]);
    isActing = false;
    return answer === 'run ends' ? continueAsNew(node) : answer;
  };

  for (const signal of decisionSignals) setHandler(signal, (decision) => node.obey(decision));
  setHandler(heartbeat, (signal) => node.hear(signal, Date.now()));
  setHandler(sessionsReported, (report) => node.adoptSessions(report, Date.now()));
  setHandler(silenceNoticed, ({ uid }) => {
    if (uid === node.uid) disconnectTimer.lookNow(node);
  });
  setHandler(conditionsChanged, ({ uid }) => {
    if (uid !== node.uid) return;
    node.fitness.change();
    fitnessTimer.set(node.fitnessLookAt);
  });
  setHandler(openSession, (update) => {
    refuse(node.whyNotOpen(update));
    node.sessions.open(update, Date.now());
  });
  setHandler(terminateSession, (update) => {
    refuse(update.uid === node.uid && node.sessions.has(update.sessionId) ? undefined : 'SESSION_NOT_FOUND');
    node.sessions.terminate(update, Date.now());
  });
  setHandler(lifecycle, () => node.view);
  setHandler(sessionCache, () => node.sessionCache);

  let outcome: LifecycleOutcome | 'astray' | undefined;
  for (;;) {
    await disconnectTimer.judge(node);
    if (isBeginning && isWithinTask && node.liveness.wasHeardTooLongAgo) await disconnectTimer.look(node);
    drainTimer.set(undefined);
    if (confirmationTimer.ringing) node.sessions.releaseUnconfirmed(Date.now());
    confirmationTimer.set(node.sessions.confirmationDeadline);
    fitnessTimer.set(node.fitnessLookAt);
    if (fitnessTimer.ringing) await lookAtChecks(node, unlessRunEnds);
    fitnessTimer.set(node.fitnessLookAt);
    if (node.planLookAt(Date.now()) !== undefined && !keepsPlans()) node.plans.forget(node.decision);
    planTimer.set(node.planLookAt(Date.now()));
    if (planTimer.ringing) {
      const { decision } = node;
      node.learnPlan(await unlessRunEnds(lookAtPlan(node.uid)), decision, Date.now());
      planTimer.set(node.planLookAt(Date.now()));
    }

    switch (node.phase) {
      case 'REGISTERED': // waits for the agent to use its bootstrap token
      case 'PENDING': // waits for an administrator's approve or reject
      case 'WAITING': // waits for the first heartbeat
      case 'ACTIVE': // works
        break;
      case 'REJECTED':
        await unlessRunEnds(rejected(node));
        break;
      case 'DRAINING':
        await unlessRunEnds(draining(node, drainTimer, disconnectTimer));
        break;
      case 'DRAINED':
        await drained(node);
        break;
      case 'REMOVED':
        showInWebUI(input.type, node.view);
        outcome = await unlessRunEnds(removed(node));
        if (outcome === 'astray') await startOver(node);
        else if (outcome) return outcome;
        break;
    }

    // MongoDB decides whether the removal stands: it is not projected before.
    if (node.phase === 'REMOVED') continue;
    if (node.hasUnprojected) {
      if (runShouldEnd(input) && leavesChangesToTheNext()) await continueAsNew(node);
      showInWebUI(input.type, node.view);
      const projection = { ...node.projection, run: workflowInfo().runId };
      const telling = isBeginning ? projectFirst(projection, isWithinTask) : projectNode(projection);
      const answer = await unlessRunEnds(telling);
      if (answer?.is === 'astray') await startOver(node);
      else node.learnFrom(answer, projection, Date.now());
      isBeginning = false;
      continue;
    }

    await condition(
      () =>
        node.hasUnprojected ||
        disconnectTimer.ringing ||
        drainTimer.ringing ||
        confirmationTimer.ringing ||
        fitnessTimer.ringing ||
        planTimer.ringing ||
        runShouldEnd(input),
    );
    if (runShouldEnd(input) && !node.hasUnprojected) await continueAsNew(node);
  }
}

/** Conditions have changed, or have lasted long enough: an activity decides what follows, within the budget. See docs/adr/0048. */
async function lookAtChecks(node: NodeState, act: <Answer>(act: Promise<Answer>) => Promise<Answer>): Promise<void> {
  if (!looksAtFitness()) return node.fitness.forget();
  const { changes } = node.fitness;
  node.learnFitness(await act(lookAtFitness(node.uid)), changes, Date.now());
}

/**
 * Fails an update, so that its caller learns why. Called by handlers, never by validators: what a validator rejects is not in the history, but the
 * time at which it came is seen by all conditions of the workflow, and what they then do would not replay. See docs/adr/0059.
 * @throws ApplicationFailure unless `reason` is undefined
 */
function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw ApplicationFailure.nonRetryable(reason, reason);
}

/** Record and workflow have diverged: MongoDB was restored, or this workflow was reset. A new run begins with what both agree on. See docs/adr/0018. */
async function startOver(node: NodeState): Promise<never> {
  const { uid, decision, view } = node;
  const agreed = await reconcileNode({ uid, decision, revision: view.revision });
  return continueAsNew(node, agreed);
}

async function continueAsNew(node: NodeState, agreed?: AgreedHistory): Promise<never> {
  await afterUpdates();
  await condition(allHandlersFinished);
  const own = node.carry();
  // A decision that has arrived meanwhile takes precedence.
  return nextRun<typeof nodeLifecycle>()(
    agreed === undefined || own.decision.seq > agreed.decision.seq ? own : { ...own, ...agreed },
  );
}
