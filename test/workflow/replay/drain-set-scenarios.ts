import { DrainSetUnderTest } from '../../support/workflow/drain-set-under-test.js';
import { DAY, type LifecycleHarness } from '../../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../../support/workflow/node-under-test.js';
import type { History } from './history-files.js';

/** Drain sets that together touch all that leaves a mark in their histories. Each returns the set once all has happened. */
const SCENARIOS: Record<string, (harness: LifecycleHarness) => Promise<DrainSetUnderTest>> = {
  async 'drain-set'(harness) {
    const nodes = await busyNodes(harness, 4);
    const [first, second, third, fourth] = nodes as [NodeUnderTest, NodeUnderTest, NodeUnderTest, NodeUnderTest];
    const set = await DrainSetUnderTest.start(harness, nodes, { maxUnavailable: 2 });
    await set.shows('DRAINING', 'DRAINING', 'QUEUED', 'QUEUED');
    await set.rule('pause');
    await second.report([]);
    await set.shows('DRAINING', 'DRAINED', 'QUEUED', 'QUEUED');
    await set.rule('resume');
    await set.shows('DRAINING', 'DRAINED', 'DRAINING', 'QUEUED');
    await third.decide('activate', { by: 'bob' });
    await set.shows('DRAINING', 'DRAINED', 'ACTIVATED', 'DRAINING');
    await first.report([]);
    await fourth.report([]);
    await set.handle.result();
    return set;
  },

  async 'drain-set-cancelled'(harness) {
    const nodes = await busyNodes(harness, 3);
    const set = await DrainSetUnderTest.start(harness, nodes, { maxUnavailable: 2 });
    await set.shows('DRAINING', 'DRAINING', 'QUEUED');
    await set.rule('cancel');
    await set.handle.result();
    return set;
  },

  async 'drain-set-begun-cancelled'(harness) {
    const set = await DrainSetUnderTest.start(harness, await busyNodes(harness, 2), { ruled: 'cancel' });
    await set.handle.result();
    return set;
  },
};

/** As they are, and as they were recorded when each node that drained had an activity: a set that began so goes on so. */
export const DRAIN_SET_SCENARIOS = {
  ...SCENARIOS,
  ...Object.fromEntries(Object.entries(SCENARIOS).map(([name, live]) => [`${name}-that-looks`, live])),
  async 'drain-set-planned'(harness: LifecycleHarness) {
    const nodes = await busyNodes(harness, 1);
    const set = await DrainSetUnderTest.start(harness, nodes, { beginsInMs: 30_000 });
    await set.shows('QUEUED');
    await set.shows('DRAINING');
    await nodes[0]?.report([]);
    await set.shows('DRAINED');
    await set.handle.result();
    return set;
  },
  async 'drain-set-within-window'(harness: LifecycleHarness) {
    const nodes = await busyNodes(harness, 2);
    const [first, second] = nodes as [NodeUnderTest, NodeUnderTest];
    const set = await DrainSetUnderTest.start(harness, nodes, { window: 'night' });
    await set.shows('QUEUED', 'QUEUED');
    await set.opens(60_000);
    await set.shows('DRAINING', 'QUEUED');
    await harness.env.sleep(90_000);
    await first.report([]);
    await set.shows('DRAINED', 'QUEUED');
    await set.opens(3_600_000);
    await set.shows('DRAINED', 'DRAINING');
    await second.report([]);
    await set.handle.result();
    return set;
  },
  async 'drain-set-that-waits'(harness: LifecycleHarness) {
    const nodes = await busyNodes(harness, 2);
    const [first, second] = nodes as [NodeUnderTest, NodeUnderTest];
    await second.decide('deactivate', { by: 'bob' });
    const set = await DrainSetUnderTest.start(harness, nodes);
    await set.shows('QUEUED', 'QUEUED');
    await second.decide('activate', { by: 'bob' });
    await set.shows('DRAINING', 'QUEUED');
    await first.report([]);
    await set.shows('DRAINED', 'DRAINING');
    await second.report([]);
    await set.handle.result();
    return set;
  },
};

/** Updates of agents: what they do besides. */
export const AGENT_UPDATE_SCENARIOS: typeof SCENARIOS = {
  async 'agent-update'(harness) {
    const nodes = await busyNodes(harness, 3);
    const [first, second] = nodes as [NodeUnderTest, NodeUnderTest];
    const update = { version: '1.1.0', downgrade: false, maxFailures: 1, timeoutMs: 20 * 60_000 };
    const set = await DrainSetUnderTest.start(harness, nodes, { update });
    await set.shows('DRAINING', 'QUEUED', 'QUEUED');
    await first.report([]);
    await set.shows('UPDATING', 'QUEUED', 'QUEUED');
    set.ports.agentSays(first, 'FAILED', 'it crashed');
    await set.shows('FAILED', 'QUEUED', 'QUEUED');
    await set.rule('resume');
    await second.report([]);
    await set.shows('FAILED', 'UPDATING', 'QUEUED');
    set.ports.agentSays(second, 'UPDATED');
    await set.shows('FAILED', 'UPDATED', 'DRAINING');
    await set.rule('cancel');
    await set.handle.result();
    return set;
  },
};

/** On Temporal's own server: the time-skipping one loses count of its time where a run ends. */
export const REAL_SERVER_DRAIN_SET_SCENARIOS: Record<string, (harness: LifecycleHarness) => Promise<History>> = {
  async 'drain-set-left-to-the-next-run'(harness) {
    const nodes = await busyNodes(harness, 3);
    const set = await DrainSetUnderTest.start(harness, nodes, { maxRunEvents: 26 });
    await set.shows('DRAINING', 'QUEUED', 'QUEUED');
    for (const node of nodes) await node.report([]);
    await set.handle.result();
    const history = await set.firstRun();
    await set.stop();
    return history;
  },

  async 'drain-set-within-window-left-to-the-next-run'(harness) {
    const nodes = await busyNodes(harness, 3);
    const set = await DrainSetUnderTest.start(harness, nodes, { maxRunEvents: 26, window: 'night' });
    await set.shows('QUEUED', 'QUEUED', 'QUEUED');
    await set.opens(3_600_000);
    await set.shows('DRAINING', 'QUEUED', 'QUEUED');
    for (const node of nodes) await node.report([]);
    await set.handle.result();
    const history = await set.firstRun();
    await set.stop();
    return history;
  },
};

/** Nodes that work, each with one session. */
async function busyNodes(harness: LifecycleHarness, count: number): Promise<NodeUnderTest[]> {
  const nodes = await Promise.all(
    Array.from({ length: count }, () => harness.node({ policy: { disconnectTimeoutMs: DAY } })),
  );
  for (const node of nodes) await node.report([`session-of-${node.input.nodeId}`]);
  await Promise.all(nodes.map((node) => node.settled()));
  return nodes;
}
