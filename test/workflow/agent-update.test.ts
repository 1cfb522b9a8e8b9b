import { afterEach, describe, expect, test } from '@jest/globals';
import type { AgentUpdate } from '../../contract/drain-set.js';
import { DrainSetUnderTest } from '../support/workflow/drain-set-under-test.js';
import { DAY, MINUTE, SECOND, useHarness } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

const harness = useHarness();
let set: DrainSetUnderTest;
afterEach(() => set.stop());

const UPDATE: AgentUpdate = { version: '1.1.0', downgrade: false, maxFailures: 1, timeoutMs: 20 * MINUTE };

/** Nodes without sessions, which are drained at once. */
async function idleNodes(count: number): Promise<NodeUnderTest[]> {
  const policy = { disconnectTimeoutMs: DAY };
  const nodes = await Promise.all(Array.from({ length: count }, () => harness.node({ policy })));
  for (const node of nodes) await node.beat();
  await Promise.all(nodes.map((node) => node.settled()));
  return nodes;
}

const begin = async (
  nodes: NodeUnderTest[],
  options: { maxUnavailable?: number; update?: Partial<AgentUpdate> } = {},
) => {
  const { update, ...rest } = options;
  set = await DrainSetUnderTest.start(harness, nodes, { ...rest, update: { ...UPDATE, ...update } });
};
const outcome = () => set.handle.result();
const phases = (nodes: NodeUnderTest[]) => Promise.all(nodes.map(async (node) => (await node.settled()).phase));

describe('an agent update', () => {
  test('drains one node after the other, waits for its agent, and activates it before the next begins', async () => {
    const nodes = await idleNodes(3);
    const [first, second, third] = nodes as [NodeUnderTest, NodeUnderTest, NodeUnderTest];
    await begin(nodes);
    await set.shows('UPDATING', 'QUEUED', 'QUEUED');
    await harness.env.sleep(MINUTE);
    expect(await phases(nodes)).toEqual(['DRAINED', 'ACTIVE', 'ACTIVE']);
    set.ports.agentSays(first, 'UPDATED');
    await set.shows('UPDATED', 'UPDATING', 'QUEUED');
    expect(await phases(nodes)).toEqual(['ACTIVE', 'DRAINED', 'ACTIVE']);
    set.ports.agentSays(second, 'UPDATED');
    set.ports.agentSays(third, 'UPDATED');
    expect(await outcome()).toMatchObject({ UPDATED: 3 });
    expect(await phases(nodes)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
    expect(set.ports).toMatchObject({ mostAtOnce: 1, projected: { state: 'DONE' } });
  });

  test('takes out as many nodes at once as the budget allows, including those that wait for their agents', async () => {
    const nodes = await idleNodes(4);
    await begin(nodes, { maxUnavailable: 2 });
    await set.shows('UPDATING', 'UPDATING', 'QUEUED', 'QUEUED');
    for (const node of nodes) set.ports.agentSays(node, 'UPDATED');
    expect(await outcome()).toMatchObject({ UPDATED: 4 });
    expect(set.ports.mostAtOnce).toBe(2);
  });

  test('is held by one failure too many, continues when it is resumed, and is held by the next', async () => {
    const nodes = await idleNodes(4);
    const [first, second, third, fourth] = nodes as [NodeUnderTest, NodeUnderTest, NodeUnderTest, NodeUnderTest];
    await begin(nodes);
    set.ports.agentSays(first, 'FAILED', 'it crashed');
    await set.shows('FAILED', 'QUEUED', 'QUEUED', 'QUEUED');
    await harness.env.sleep(MINUTE);
    expect(await set.progress()).toMatchObject({
      state: 'HELD',
      rulingSeq: 2,
      members: [{ reason: 'it crashed' }, {}, {}, {}],
    });
    expect(await phases(nodes)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE']);
    await set.rule('resume');
    await set.shows('FAILED', 'UPDATING', 'QUEUED', 'QUEUED');
    set.ports.agentSays(second, 'UPDATED');
    set.ports.agentSays(third, 'FAILED', 'it crashed');
    await set.shows('FAILED', 'UPDATED', 'FAILED', 'QUEUED');
    expect(await set.progress()).toMatchObject({ state: 'HELD' });
    await set.rule('resume');
    set.ports.agentSays(fourth, 'UPDATED');
    expect(await outcome()).toMatchObject({ UPDATED: 2, FAILED: 2 });
  });

  test('is not held by fewer failures', async () => {
    const nodes = await idleNodes(3);
    await begin(nodes, { update: { maxFailures: 3 } });
    for (const node of nodes) set.ports.agentSays(node, 'FAILED', 'it crashed');
    expect(await outcome()).toMatchObject({ FAILED: 3 });
    expect(set.ports).toMatchObject({ projected: { state: 'DONE', rulingSeq: 1 } });
  });

  test('gives up a node that is not heard in time, and is held', async () => {
    const nodes = await idleNodes(2);
    await begin(nodes, { update: { timeoutMs: 5 * MINUTE } });
    await set.shows('UPDATING', 'QUEUED');
    await harness.env.sleep(6 * MINUTE);
    await set.shows('FAILED', 'QUEUED');
    const [member] = set.ports.members;
    expect(member?.reason).toBe('no agent of version 1.1.0 was heard within 5m');
    expect(await phases(nodes)).toEqual(['ACTIVE', 'ACTIVE']);
    expect(await set.progress()).toMatchObject({ state: 'HELD' });
    await set.rule('cancel');
    expect(await outcome()).toMatchObject({ FAILED: 1, NOT_BEGUN: 1 });
  });

  test('skips a node whose agent accepts no updates', async () => {
    const nodes = await idleNodes(2);
    const [first, second] = nodes as [NodeUnderTest, NodeUnderTest];
    await begin(nodes);
    await set.shows('UPDATING', 'QUEUED');
    set.ports.unmanaged(second);
    set.ports.agentSays(first, 'UPDATED');
    expect(await outcome()).toMatchObject({ UPDATED: 1, NOT_MANAGED: 1 });
    expect(set.ports.begun).toEqual([first.input.nodeId]);
  });

  test('that is paused starts no further node, and finishes those that it has started', async () => {
    const nodes = await idleNodes(2);
    const [first, second] = nodes as [NodeUnderTest, NodeUnderTest];
    await begin(nodes);
    await set.shows('UPDATING', 'QUEUED');
    await set.rule('pause');
    set.ports.agentSays(first, 'UPDATED');
    await set.shows('UPDATED', 'QUEUED');
    await harness.env.sleep(30 * SECOND);
    expect(await set.progress()).toMatchObject({ state: 'PAUSED' });
    await set.rule('resume');
    set.ports.agentSays(second, 'UPDATED');
    expect(await outcome()).toMatchObject({ UPDATED: 2 });
  });

  test('that is cancelled waits for the agents that are being updated, and activates draining nodes', async () => {
    const [first, second, third] = (await idleNodes(3)) as [NodeUnderTest, NodeUnderTest, NodeUnderTest];
    await second.report(['s1']);
    await second.settled();
    await begin([first, second, third], { maxUnavailable: 2 });
    await set.shows('UPDATING', 'DRAINING', 'QUEUED');
    await set.rule('cancel');
    await set.shows('UPDATING', 'RELEASED', 'NOT_BEGUN');
    expect(await set.progress()).toMatchObject({ state: 'CANCELLING' });
    set.ports.agentSays(first, 'UPDATED');
    expect(await outcome()).toMatchObject({ UPDATED: 1, RELEASED: 1, NOT_BEGUN: 1 });
    expect(await phases([first, second, third])).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
  });

  test("respects a person's decision about a node meanwhile", async () => {
    const nodes = await idleNodes(1);
    const [node] = nodes as [NodeUnderTest];
    await begin(nodes);
    await set.shows('UPDATING');
    await node.decide('activate', { by: 'bob' });
    expect(await outcome()).toMatchObject({ ACTIVATED: 1 });
    expect((await node.view()).availability).toMatchObject({ by: 'bob' });
    expect(set.ports.ended).toEqual([node.input.nodeId]);
  });
});
