import { afterEach, describe, expect, test } from '@jest/globals';
import { DrainSetUnderTest } from '../support/workflow/drain-set-under-test.js';
import { DAY, HOUR, MINUTE, useHarness } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

const harness = useHarness();
let set: DrainSetUnderTest;
afterEach(() => set.stop());

/** Working nodes, each with one session. */
async function busyNodes(count: number): Promise<NodeUnderTest[]> {
  const nodes = await Promise.all(
    Array.from({ length: count }, () => harness.node({ policy: { disconnectTimeoutMs: 30 * DAY } })),
  );
  for (const node of nodes) await node.report([`session-of-${node.input.nodeId}`]);
  await Promise.all(nodes.map((node) => node.settled()));
  return nodes;
}

const outcome = () => set.handle.result();

describe('a drain set within a maintenance window', () => {
  test('starts nodes while it is open, none once it closes, and continues with the next opening', async () => {
    const nodes = await busyNodes(3);
    const [first, second, third] = nodes as [NodeUnderTest, NodeUnderTest, NodeUnderTest];
    set = await DrainSetUnderTest.start(harness, nodes, { window: 'night' });
    await harness.env.sleep(DAY);
    await set.shows('QUEUED', 'QUEUED', 'QUEUED');
    await set.opens(2 * HOUR);
    await set.shows('DRAINING', 'QUEUED', 'QUEUED');
    await first.report([]);
    await set.shows('DRAINED', 'DRAINING', 'QUEUED');
    await harness.env.sleep(3 * HOUR);
    // The node that drains when it closes goes on.
    await second.report([]);
    await set.shows('DRAINED', 'DRAINED', 'QUEUED');
    await harness.env.sleep(21 * HOUR);
    await set.shows('DRAINED', 'DRAINED', 'QUEUED');
    expect(set.ports.begun).toHaveLength(2);
    await set.opens(2 * HOUR);
    await set.shows('DRAINED', 'DRAINED', 'DRAINING');
    await third.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 3 });
  });

  test('holds no slot while it is closed, and looks once when it has closed', async () => {
    const nodes = await busyNodes(2);
    set = await DrainSetUnderTest.start(harness, nodes, { window: 'night' });
    await set.shows('QUEUED', 'QUEUED');
    await harness.env.sleep(7 * DAY);
    expect(set.ports).toMatchObject({ looksAtWindow: 1, begun: [] });
    await set.opens(HOUR);
    await set.shows('DRAINING', 'QUEUED');
    await nodes[0]?.report([]);
    await set.shows('DRAINED', 'DRAINING');
    await nodes[1]?.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 2 });
  });

  test('starts at once if it is open already', async () => {
    const nodes = await busyNodes(1);
    set = await DrainSetUnderTest.start(harness, nodes, { window: 'night', openForMs: HOUR });
    await set.shows('DRAINING');
    await nodes[0]?.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 1 });
  });

  test('starts neither before its planned beginning nor before an opening after that', async () => {
    const nodes = await busyNodes(1);
    set = await DrainSetUnderTest.start(harness, nodes, { window: 'night', openForMs: HOUR, beginsInMs: 2 * HOUR });
    await set.shows('QUEUED');
    await harness.env.sleep(3 * HOUR);
    await set.shows('QUEUED');
    await set.opens(HOUR);
    await set.shows('DRAINING');
    await nodes[0]?.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 1 });
  });

  test('that is paused when it opens starts nothing, and starts when it is resumed while it is open', async () => {
    const nodes = await busyNodes(1);
    set = await DrainSetUnderTest.start(harness, nodes, { window: 'night' });
    await set.shows('QUEUED');
    await set.rule('pause');
    await set.opens(2 * HOUR);
    await harness.env.sleep(HOUR);
    expect(set.ports).toMatchObject({ begun: [], projected: { state: 'PAUSED' } });
    await set.rule('resume');
    await set.shows('DRAINING');
    await nodes[0]?.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 1 });
  });

  test('can be cancelled while it waits', async () => {
    set = await DrainSetUnderTest.start(harness, await busyNodes(2), { window: 'night' });
    await set.shows('QUEUED', 'QUEUED');
    await set.rule('cancel');
    expect(await outcome()).toMatchObject({ NOT_BEGUN: 2 });
  });

  test('waits as long as the record says that the window is closed, even if it believes that it is open', async () => {
    const nodes = await busyNodes(2);
    set = await DrainSetUnderTest.start(harness, nodes, { window: 'night', openForMs: HOUR });
    await set.shows('DRAINING', 'QUEUED');
    // By the record's clock it has closed.
    set.ports.openUntil = 0;
    await nodes[0]?.report([]);
    await set.shows('DRAINED', 'QUEUED');
    await harness.env.sleep(10 * MINUTE);
    expect(set.ports.begun).toHaveLength(1);
    await set.opens(HOUR);
    await set.shows('DRAINED', 'DRAINING');
    await nodes[1]?.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 2 });
  });

  test('that updates agents waits likewise, and finishes what it has started after it has closed', async () => {
    const nodes = await busyNodes(2);
    const [first, second] = nodes as [NodeUnderTest, NodeUnderTest];
    const update = { version: '1.1.0', downgrade: false, maxFailures: 1, timeoutMs: DAY };
    set = await DrainSetUnderTest.start(harness, nodes, { update, window: 'night' });
    await set.shows('QUEUED', 'QUEUED');
    await set.opens(HOUR);
    await first.report([]);
    await set.shows('UPDATING', 'QUEUED');
    await harness.env.sleep(2 * HOUR);
    set.ports.agentSays(first, 'UPDATED');
    await set.shows('UPDATED', 'QUEUED');
    await harness.env.sleep(HOUR);
    expect(set.ports.begun).toHaveLength(1);
    await set.opens(HOUR);
    await second.report([]);
    await set.shows('UPDATED', 'UPDATING');
    set.ports.agentSays(second, 'UPDATED');
    expect(await outcome()).toMatchObject({ UPDATED: 2 });
  });
});
