import {
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  TERMINATION_GRACE_MS,
  type LifecycleHarness,
} from '../../support/workflow/lifecycle-harness.js';
import { InMemoryBudget } from '../../support/workflow/in-memory-fitness.js';
import type { NodeUnderTest } from '../../support/workflow/node-under-test.js';
import { USUAL_RULE } from '../../../contract/quarantine.js';
import type { History } from './history-files.js';

/**
 * Lives that are short and together touch everything that leaves a mark in a history: every activity, the timers, the looks
 * for heartbeats, search attributes, both ways in which a run ends. Each returns the node once all has happened.
 */
export const SCENARIOS: Record<string, (harness: LifecycleHarness) => Promise<NodeUnderTest>> = {
  async 'approved-and-active'(harness) {
    const node = await harness.node({ registered: false, approval: 'PENDING' });
    await node.settled();
    await node.decide('register', { by: 'agent:node' });
    await node.settled();
    await node.decide('approve', { reason: 'known machine' });
    await node.settled();
    await node.beat();
    await node.report(['s1']);
    await node.settled();
    return node;
  },

  async 'silent-and-back'(harness) {
    const node = await harness.node();
    await node.report(['s1']);
    await node.settled();
    await node.pass(30 * SECOND);
    await node.beatUnsignalled();
    await node.pass(40 * SECOND);
    await node.pass(7 * MINUTE);
    await node.until(({ liveness }) => liveness.value === 'UNKNOWN');
    await node.beat();
    await node.settled();
    return node;
  },

  async 'drained-by-deadline'(harness) {
    const node = await harness.node({ policy: { disconnectTimeoutMs: 2 * HOUR } });
    await node.report(['s1']);
    await node.decide('deactivate', {
      reason: 'new disks',
      deadline: (await node.now()) + HOUR,
      onDeadline: 'terminate',
    });
    await node.settled();
    await node.pass(HOUR + SECOND);
    await node.until(({ drain }) => drain?.terminating === true);
    await node.pass(TERMINATION_GRACE_MS + SECOND);
    await node.until(({ phase }) => phase === 'DRAINED');
    await node.decide('activate');
    await node.settled();
    return node;
  },

  async 'held-by-a-mass-silence'(harness) {
    const node = await harness.node();
    await node.report(['s1']);
    await node.decide('deactivate', {
      reason: 'new disks',
      deadline: (await node.now()) + 2 * MINUTE,
      onDeadline: 'terminate',
    });
    await node.settled();
    node.ports.held = { since: await node.now() };
    await node.pass(10 * MINUTE);
    await node.until(({ sessionsHeld }) => sessionsHeld === true);
    node.ports.held = undefined;
    await node.noticeSilence();
    await node.until(({ phase }) => phase === 'DRAINED');
    return node;
  },

  async 'quarantined-and-released'(harness) {
    const node = await harness.node({ policy: { disconnectTimeoutMs: 2 * HOUR } });
    const { fitness } = node.ports;
    fitness.rules = new Map([['disk', { ...USUAL_RULE, policy: 'drain' }]]);
    fitness.budget = new InMemoryBudget(0);
    await node.report(['s1']);
    await node.settled();
    await node.says({ disk: 'UNFIT' });
    await node.until(({ heldBack }) => heldBack !== undefined);
    fitness.budget.most = 1;
    await node.pass(2 * MINUTE);
    await node.until(({ phase }) => phase === 'DRAINING');
    await node.report([]);
    await node.until(({ phase }) => phase === 'DRAINED');
    await node.says({ disk: 'FIT' });
    await node.settled();
    await node.pass(USUAL_RULE.returnAfterMs + SECOND);
    await node.until(({ phase }) => phase === 'ACTIVE');
    return node;
  },

  async decommissioned(harness) {
    const node = await harness.node();
    await node.report(['s1']);
    await node.decide('decommission', { reason: 'end of lease' });
    await node.settled();
    await node.report([]);
    await node.outcome();
    return node;
  },

  async 'decommission-cancelled'(harness) {
    const node = await harness.node();
    await node.beat();
    await node.settled();
    const release = node.ports.hold('remove');
    await node.decide('decommission');
    await node.reached('remove');
    await node.decide('activate');
    release();
    await node.until(({ phase }) => phase === 'ACTIVE');
    return node;
  },

  async 'rejected-and-removed'(harness) {
    const node = await harness.node();
    await node.report(['s1', 's2']);
    await node.decide('reject', { reason: 'Unauthorized node' });
    await node.until(({ activeSessions }) => activeSessions === 0);
    await node.decide('remove', { reason: 'for good' });
    await node.outcome();
    return node;
  },

  async 'mongodb-away'(harness) {
    const node = await harness.node();
    await node.beat();
    await node.settled();
    node.ports.down = true;
    await node.pass(MINUTE + 15 * SECOND);
    await node.decide('deactivate');
    await node.pass(SECOND);
    node.ports.down = false;
    await node.untilInTime(({ phase }) => phase === 'DRAINED');
    return node;
  },

  // The other lives were recorded when a beginning was told by an activity as all else is: a life that began so goes on so.
  async 'beginning-told-within-its-task'(harness) {
    const node = await harness.node({ approval: 'PENDING' });
    await node.settled();
    await node.decide('approve', { reason: 'known machine' });
    await node.settled();
    await node.beat();
    await node.settled();
    return node;
  },

  async 'begun-late'(harness) {
    await harness.stopWorker();
    const node = await harness.node({ decidedAgoMs: 3 * MINUTE });
    await node.beat({ at: (await node.now()) - 2 * MINUTE });
    await node.beatUnsignalled();
    await harness.startWorker();
    await node.until(({ liveness }) => liveness.value === 'HEALTHY');
    await node.beat();
    await node.settled();
    return node;
  },

  async 'removed-while-removal-was-under-way'(harness) {
    const node = await harness.node();
    await node.beat();
    await node.settled();
    const release = node.ports.hold('remove');
    await node.decide('decommission');
    await node.reached('remove');
    await node.decide('remove', { reason: 'sold' });
    release();
    await node.outcome();
    return node;
  },

  async 'told-again-while-a-removal-is-overruled'(harness) {
    const node = await harness.node();
    await node.report(['s1']);
    const decommission = await node.decide('decommission');
    await node.commit('activate');
    await node.report([]);
    await node.reached('remove');
    await node.caughtUp();
    node.ports.committedSeq = decommission.seq;
    await node.signalDecision(decommission, { again: true });
    await node.outcome();
    return node;
  },

  async 'silent-for-good'(harness) {
    const node = await harness.node({ policy: { removeAfterMs: HOUR } });
    await node.beat();
    await node.settled();
    await node.pass(2 * HOUR);
    await node.outcome();
    return node;
  },

  async 'continued-as-new'(harness) {
    const node = await harness.node({ maxRunEvents: 40 });
    const { runId } = await node.handle.describe();
    await node.report(['s1']);
    while ((await node.handle.describe()).runId === runId) {
      await node.pass(20 * SECOND);
      await node.beat();
      await node.caughtUp();
    }
    await node.settled();
    return node;
  },

  async planned(harness) {
    const node = await harness.node({ policy: { disconnectTimeoutMs: 30 * DAY } });
    await node.beat();
    const now = await node.now();
    await node.decide('plan', { by: 'ada', plannedAt: now + HOUR, until: now + 2 * HOUR });
    await node.pass(HOUR);
    await node.until(({ phase }) => phase === 'DRAINED');
    await node.pass(HOUR);
    await node.until(({ phase }) => phase === 'ACTIVE');
    await node.decide('plan', { by: 'ada', plannedAt: (await node.now()) + HOUR });
    await node.decide('activate', { by: 'bo' });
    await node.pass(2 * HOUR);
    await node.settled();
    return node;
  },

  async 'reported-again'(harness) {
    const node = await harness.node();
    await node.report(['s1']);
    await node.settled();
    const { sessions } = await node.sessionCache();
    await node.reportAgain(sessions);
    await node.caughtUp();
    await node.report([]);
    await node.settled();
    return node;
  },

  async sessions(harness) {
    const node = await harness.node();
    await node.beat();
    await node.open('s1', { memory: 1 });
    await node.open('s2', { memory: 1 });
    await node.open('too-large', { cpu: 1_000 });
    await node.report(['s1', 's2']);
    await node.terminate('s1', { reason: 'stale' });
    await node.report(['s2']);
    await node.open('never-confirmed');
    await node.open('taken-back');
    await node.terminate('taken-back', { release: true });
    await node.keepBeating(5);
    await node.until(({ activeSessions }) => activeSessions === 1);
    return node;
  },
};

/** On Temporal's own server: the time-skipping one's clock stops for good when a signal meets a run's end. Each returns a run's history. */
export const REAL_SERVER_SCENARIOS: Record<string, (harness: LifecycleHarness) => Promise<History>> = {
  async 'left-to-the-next-run'(harness) {
    const { node, runs } = await changingIntoRun(harness, 2);
    return node.history(runs[0]);
  },

  async 'begun-with-what-was-left'(harness) {
    const { node, runs } = await changingIntoRun(harness, 3);
    return node.history(runs[1]);
  },

  'refused-beside-a-deadline': refusedBesideADeadline,
};

/** Asks for the end of sessions that the node does not have, until its silence has been noticed. */
async function refusedBesideADeadline(harness: LifecycleHarness): Promise<History> {
  const node = await harness.node({ policy: { disconnectTimeoutMs: SECOND } });
  await node.beat();
  while (!node.ports.eventTypes.includes('NodeUnhealthy')) await node.terminate('unknown');
  await node.settled();
  return node.firstRun();
}

/** Reports and places sessions faster than they can be projected, until so many runs have begun. */
async function changingIntoRun(
  harness: LifecycleHarness,
  count: number,
): Promise<{ node: NodeUnderTest; runs: string[] }> {
  const node = await harness.node({ maxRunEvents: 60 });
  const runs = new Set<string>();
  for (let report = 1; runs.size < count; report += 1) {
    await node.report([`s${report}`], { at: await node.now() });
    await node.open(`placed-${report}`);
    runs.add((await node.handle.describe()).runId);
  }
  return { node, runs: [...runs] };
}
