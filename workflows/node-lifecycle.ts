import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  makeContinueAsNewFunc,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { AgreedHistory } from '../activities/ports.js';
import { DECISION_ACTIONS } from '../contract/decision.js';
import {
  HEARTBEAT_SIGNAL,
  LIFECYCLE_QUERY,
  OPEN_SESSION_UPDATE,
  SESSION_CACHE_QUERY,
  SESSIONS_REPORTED_SIGNAL,
  SILENCE_NOTICED_SIGNAL,
  TERMINATE_SESSION_UPDATE,
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
import { afterUpdates, leavesNewsToTheNext, runIsLong } from './run-length.js';
import { showInWebUI } from './showcase.js';
import { beginsWithinItsTask, projectFirst, projectNode, reconcileNode, tellsOnlyNews } from './world.js';

const decisionSignals = DECISION_ACTIONS.map((action) => defineSignal<[DecisionSignal]>(action));
const heartbeat = defineSignal<[HeartbeatSignal]>(HEARTBEAT_SIGNAL);
const sessionsReported = defineSignal<[SessionsReportedSignal]>(SESSIONS_REPORTED_SIGNAL);
const silenceNoticed = defineSignal<[SilenceNoticedSignal]>(SILENCE_NOTICED_SIGNAL);
const openSession = defineUpdate<void, [OpenSessionUpdate]>(OPEN_SESSION_UPDATE);
const terminateSession = defineUpdate<void, [TerminateSessionUpdate]>(TERMINATE_SESSION_UPDATE);
const lifecycle = defineQuery<LifecycleView>(LIFECYCLE_QUERY);
const sessionCache = defineQuery<SessionCacheView>(SESSION_CACHE_QUERY);

/**
 * The life of one compute node, from its registration to its removal.
 *
 * Signals only change the state; this loop acts on it, one pass for each thing that happened: it judges the node's
 * liveness when the disconnect timer has run out, does what the phase asks for, and tells MongoDB and the Web UI what
 * has changed. Administrators' decisions come as signals that carry the whole desired state, so a lost one is made up
 * for by the next, and a repeated one changes nothing.
 */
export async function nodeLifecycle(input: LifecycleInput): Promise<LifecycleOutcome> {
  // Cancelling a workflow in the Web UI is no decision about the node: only administrators remove nodes.
  return CancellationScope.nonCancellable(() => live(input));
}

async function live(input: LifecycleInput): Promise<LifecycleOutcome> {
  const node = new NodeState(input, Date.now(), tellsOnlyNews);
  const disconnectTimer = new DisconnectTimer(Date.now() + (input.firstLookMs ?? 0));
  const drainTimer = new Alarm('drain timer');
  const confirmationTimer = new Alarm('confirmation timer');
  let isBeginning = input.carried === undefined;
  const isWithinTask = isBeginning && beginsWithinItsTask();
  let isActing = false;
  const runEnds = condition(() => isActing && runIsLong(input) && leavesNewsToTheNext()).then(() => 'run ends' as const);
  /** However long the world takes, signals go on making the run longer: then the next one does it, or tells it. */
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
  setHandler(openSession, (update) => node.sessions.open(update, Date.now()), { validator: (update) => refuse(node.whyNotOpen(update)) });
  setHandler(terminateSession, (update) => node.sessions.terminate(update, Date.now()), {
    validator: ({ uid, sessionId }) => refuse(uid === node.uid && node.sessions.has(sessionId) ? undefined : 'SESSION_NOT_FOUND'),
  });
  setHandler(lifecycle, () => node.view);
  setHandler(sessionCache, () => node.sessionCache);

  let outcome: LifecycleOutcome | 'astray' | undefined;
  for (;;) {
    await disconnectTimer.judge(node);
    if (isBeginning && isWithinTask && node.wasHeardTooLongAgo) await disconnectTimer.look(node);
    drainTimer.set(undefined);
    if (confirmationTimer.ringing) node.sessions.releaseUnconfirmed(Date.now());
    confirmationTimer.set(node.sessions.confirmationDeadline);

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

    // Whether a removal is to be, MongoDB decides: nobody may be told of it before.
    if (node.phase === 'REMOVED') continue;
    if (node.hasNews) {
      if (runIsLong(input) && leavesNewsToTheNext()) await continueAsNew(node);
      showInWebUI(input.type, node.view);
      const projection = { ...node.projection, run: workflowInfo().runId };
      const telling = isBeginning ? projectFirst(projection, isWithinTask) : projectNode(projection);
      const answer = await unlessRunEnds(telling);
      if (answer?.is === 'astray') await startOver(node);
      else node.learnFrom(answer, projection, Date.now());
      isBeginning = false;
      continue;
    }

    await condition(() => node.hasNews || disconnectTimer.ringing || drainTimer.ringing || confirmationTimer.ringing || runIsLong(input));
    if (runIsLong(input) && !node.hasNews) await continueAsNew(node);
  }
}

/** Refuses an update: its caller hears why, and the history nothing. */
function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw ApplicationFailure.nonRetryable(reason, reason);
}

/** The record goes by another history: MongoDB was restored, or this workflow was reset. What both agree on begins a run of its own. */
async function startOver(node: NodeState): Promise<never> {
  const { uid, decision, view } = node;
  const agreed = await reconcileNode({ uid, decision, revision: view.revision });
  return continueAsNew(node, agreed);
}

async function continueAsNew(node: NodeState, agreed?: AgreedHistory): Promise<never> {
  await afterUpdates();
  await condition(allHandlersFinished);
  const { memo, typedSearchAttributes } = workflowInfo();
  const next = makeContinueAsNewFunc<typeof nodeLifecycle>({ ...(memo && { memo }), typedSearchAttributes });
  const own = node.carry();
  // A decision that has come meanwhile is a later one.
  return next(agreed === undefined || own.decision.seq > agreed.decision.seq ? own : { ...own, ...agreed });
}
