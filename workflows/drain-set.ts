import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  log,
  patched,
  setHandler,
} from '@temporalio/workflow';
import {
  DRAIN_SET_PROGRESS_QUERY,
  DRAIN_SET_WISHES,
  HOLD,
  type DrainSetInput,
  type DrainSetMember,
  type DrainSetOutcome,
  type DrainSetProgress,
  type DrainSetRuling,
} from '../contract/drain-set.js';
import { WINDOW_SIGNAL } from '../contract/maintenance-window.js';
import { Alarm } from './alarm.js';
import { showDrainSet } from './drain-set-web-ui.js';
import { RunningDrainSet } from './running-drain-set.js';
import {
  beginDrain,
  endUpdate,
  holdDrainSet,
  lookAtDrains,
  lookAtWindow as whatWindow,
  lookOnceAtDrains,
  projectDrainSet,
  releaseNode,
  watchDrain,
} from './drain-set-side-effects.js';
import { leavesChangesToTheNext, nextRun, runShouldEnd } from './run-length.js';

const signals = [...DRAIN_SET_WISHES, HOLD].map((wish) => defineSignal<[DrainSetRuling]>(wish));
const windowChanged = defineSignal(WINDOW_SIGNAL);
const progress = defineQuery<DrainSetProgress>(DRAIN_SET_PROGRESS_QUERY);

/**
 * Drains a set of nodes within a budget. Each node's drain belongs to its own lifecycle and begins with an ordinary decision. This workflow
 * makes these decisions in turn and looks at their progress. See docs/adr/0011 and docs/adr/0020.
 *
 * Signals only change the state; the loop acts on it, one pass per change.
 */
export async function drainSet(input: DrainSetInput): Promise<DrainSetOutcome> {
  // Cancelling the workflow in the Web UI is not a decision: use `rollcall drain cancel`.
  return CancellationScope.nonCancellable(() => drain(input));
}

async function drain(input: DrainSetInput): Promise<DrainSetOutcome> {
  const set = new RunningDrainSet(input, Date.now());
  // Runs without this patch have one activity per draining node.
  const looksTogether = patched('looks-at-its-nodes-together');
  const lookTimer = new Alarm('next look');
  const beginTimer = new Alarm('planned beginning');
  const closingTimer = new Alarm('the maintenance window closes');
  let lookedAt = Date.now();
  let watched: string[] = [];
  const node = ({ uid, name }: DrainSetMember) => ({ uid, name });

  // The initial ruling is applied like later ones. Runs without this patch are told again.
  const actUponRuling = () => {
    if (set.hasTurnsToCancel && patched('acts-upon-what-it-begins-with')) set.cancelTurns(Date.now());
  };
  for (const signal of signals) {
    setHandler(signal, (ruling) => {
      set.obey(ruling, Date.now());
      actUponRuling();
    });
  }
  setHandler(windowChanged, () => set.times.changed());
  setHandler(progress, () => set.progress);

  async function look(): Promise<void> {
    try {
      set.learn(await lookAtDrains(set.question), Date.now());
    } catch (error) {
      log.warn('cannot look at the nodes: trying again later', { error });
    }
    lookedAt = Date.now();
  }

  /** Sets without a window never come to it. */
  async function lookAtWindow(): Promise<void> {
    set.times.looking();
    const found = await whatWindow.executeWithOptions({ summary: `window ${input.window}` }, [{ setId: input.id }]);
    set.learnOfWindow(found, Date.now());
  }

  async function watch(member: DrainSetMember): Promise<void> {
    watched = [...watched, member.uid];
    const outcome = await watchDrain.executeWithOptions({ summary: `${member.name} drains` }, [
      { setId: input.id, node: node(member) },
    ]);
    watched = watched.filter((uid) => uid !== member.uid);
    set.over(member.uid, outcome, Date.now());
  }

  // A lost run may have begun drains that the record does not know: they are released with the others.
  if (set.hasTurnsToCancel && looksTogether) set.learn(await lookOnceAtDrains(set.question), Date.now());
  actUponRuling();

  for (;;) {
    for (const member of set.toRelease) {
      await releaseNode.executeWithOptions({ summary: `activate ${member.name} again` }, [
        { setId: input.id, node: node(member), seq: member.seq ?? 0 },
      ]);
      set.released(member.uid);
    }
    for (const { uid, name, outcome } of set.toEnd) {
      await endUpdate.executeWithOptions({ summary: `${name} is ${outcome.state}` }, [
        { setId: input.id, node: { uid, name }, outcome },
      ]);
      set.over(uid, outcome, Date.now());
    }
    if (set.mustHold) {
      const { seq } = set.ruling;
      set.obey(
        await holdDrainSet.executeWithOptions({ summary: 'too many failures' }, [{ setId: input.id, seq }]),
        Date.now(),
      );
    }
    beginTimer.set(set.beginsAt);
    if (beginTimer.ringing) set.times.begin();
    beginTimer.set(set.beginsAt);
    closingTimer.set(set.times.closesAt);
    if (closingTimer.ringing) set.times.close();
    if (set.mustLookAtWindow) await lookAtWindow();
    closingTimer.set(set.times.closesAt);
    const { next } = set;
    if (next) {
      const beginning = await beginDrain.executeWithOptions({ summary: `deactivate ${next.name}` }, [
        { setId: input.id, node: node(next) },
      ]);
      if (beginning.is === 'held') set.obey(beginning.ruling, Date.now());
      else if (beginning.is === 'full') set.wait(beginning.others);
      else if (beginning.is === 'begun') set.begun(next.uid, beginning.seq, Date.now());
      else set.over(next.uid, beginning, Date.now());
    }
    if (!looksTogether) for (const member of set.draining) if (!watched.includes(member.uid)) void watch(member);
    if (lookTimer.ringing) await look();
    lookTimer.set(looksTogether || set.isFull ? set.nextLook(lookedAt) : undefined);

    if (set.hasUnprojected) {
      if (runShouldEnd(input) && leavesChangesToTheNext()) await continueAsNew(set);
      showDrainSet(input, set.progress, set.times.window);
      const projection = set.projection(Date.now());
      await projectDrainSet(projection);
      set.told(projection);
      continue;
    }
    if (set.isOver) return set.outcome;

    await condition(
      () =>
        set.hasUnprojected ||
        set.mustHold ||
        set.toEnd.length > 0 ||
        set.next !== undefined ||
        set.mustLookAtWindow ||
        closingTimer.ringing ||
        lookTimer.ringing ||
        beginTimer.ringing ||
        runShouldEnd(input),
    );
    if (runShouldEnd(input) && !set.hasUnprojected) await continueAsNew(set);
  }
}

async function continueAsNew(set: RunningDrainSet): Promise<never> {
  await condition(allHandlersFinished);
  // Of the same type as this run.
  return nextRun<typeof drainSet>()(set.carry());
}
