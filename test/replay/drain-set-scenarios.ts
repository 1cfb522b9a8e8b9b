import { DrainSetUnderTest } from '../workflows/drain-set-under-test.js';
import type { LifecycleHarness } from '../workflows/lifecycle-harness.js';
import type { NodeUnderTest } from '../workflows/node-under-test.js';

/** Drain sets that together touch all that leaves a mark in their histories. Each returns the set once all has happened. */
export const DRAIN_SET_SCENARIOS: Record<string, (harness: LifecycleHarness) => Promise<DrainSetUnderTest>> = {
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

/** Nodes that work, each with one session. */
async function busyNodes(harness: LifecycleHarness, count: number): Promise<NodeUnderTest[]> {
  const nodes = await Promise.all(Array.from({ length: count }, () => harness.node()));
  for (const node of nodes) await node.report([`session-of-${node.input.nodeId}`]);
  await Promise.all(nodes.map((node) => node.settled()));
  return nodes;
}
