import { afterEach, describe, expect, test } from '@jest/globals';
import type { LivenessPolicy } from '../../contract/lifecycle.js';
import { DrainSetUnderTest } from '../support/workflow/drain-set-under-test.js';
import { DAY, MINUTE, SECOND, useHarness } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

const harness = useHarness();
let set: DrainSetUnderTest;
afterEach(() => set.stop());

/** Working nodes, each with one session. By default they may be silent for a day. */
async function busyNodes(
  count: number,
  policy: Partial<LivenessPolicy> = { disconnectTimeoutMs: DAY },
): Promise<NodeUnderTest[]> {
  const nodes = await Promise.all(Array.from({ length: count }, () => harness.node({ policy })));
  for (const node of nodes) await node.report([`session-of-${node.input.nodeId}`]);
  await Promise.all(nodes.map((node) => node.settled()));
  return nodes;
}

const namesOf = (nodes: readonly NodeUnderTest[]) => nodes.map(({ input }) => input.nodeId);
const outcome = () => set.handle.result();

describe('a drain set', () => {
  test('drains its nodes one after the other, in their order, and reports the outcome', async () => {
    const nodes = await busyNodes(3);
    const [first, second, third] = nodes as [NodeUnderTest, NodeUnderTest, NodeUnderTest];
    set = await DrainSetUnderTest.start(harness, nodes);
    await set.shows('DRAINING', 'QUEUED', 'QUEUED');
    await harness.env.sleep(MINUTE / 2);
    expect((await second.view()).phase).toBe('ACTIVE');
    expect(await set.progress()).toMatchObject({
      state: 'RUNNING',
      members: [{ state: 'DRAINING' }, { state: 'QUEUED' }, { state: 'QUEUED' }],
    });
    await first.report([]);
    await set.shows('DRAINED', 'DRAINING', 'QUEUED');
    await second.report([]);
    await set.shows('DRAINED', 'DRAINED', 'DRAINING');
    await third.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 3, QUEUED: 0, DRAINING: 0 });
    expect(set.ports).toMatchObject({ begun: namesOf(nodes), mostAtOnce: 1, projected: { state: 'DONE' } });
    expect((await first.view()).availability).toMatchObject({
      value: 'DRAINED',
      by: 'ada',
      reason: expect.stringContaining('drain set'),
    });
    const { typedSearchAttributes } = await set.handle.describe();
    expect(typedSearchAttributes.getAll()).toContainEqual({
      key: { name: 'DrainState', type: 'KEYWORD' },
      value: 'DONE',
    });
  });

  test('drains as many at once as its budget allows, and never more', async () => {
    const nodes = await busyNodes(5);
    const [first, second] = nodes as [NodeUnderTest, NodeUnderTest];
    set = await DrainSetUnderTest.start(harness, nodes, { maxUnavailable: 2 });
    await set.shows('DRAINING', 'DRAINING', 'QUEUED', 'QUEUED', 'QUEUED');
    await second.report([]);
    await set.shows('DRAINING', 'DRAINED', 'DRAINING', 'QUEUED', 'QUEUED');
    await first.report([]);
    await set.shows('DRAINED', 'DRAINED', 'DRAINING', 'DRAINING', 'QUEUED');
    for (const node of nodes) await node.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 5 });
    expect(set.ports.mostAtOnce).toBe(2);
  });

  test('that is paused starts no further node, lets running drains finish, and continues when it is resumed', async () => {
    const nodes = await busyNodes(2);
    const [first, second] = nodes as [NodeUnderTest, NodeUnderTest];
    set = await DrainSetUnderTest.start(harness, nodes);
    await set.shows('DRAINING', 'QUEUED');
    await set.rule('pause');
    await first.report([]);
    await set.shows('DRAINED', 'QUEUED');
    await harness.env.sleep(MINUTE / 2);
    expect(set.ports).toMatchObject({ begun: namesOf([first]), projected: { state: 'PAUSED', rulingSeq: 2 } });
    await set.rule('resume');
    await set.shows('DRAINED', 'DRAINING');
    await second.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 2 });
  });

  test('starts no node after a pause was committed, whether the signal has arrived or not', async () => {
    const nodes = await busyNodes(2);
    set = await DrainSetUnderTest.start(harness, nodes);
    await set.shows('DRAINING', 'QUEUED');
    await set.rule('pause', { told: false });
    await nodes[0]?.report([]);
    await set.shows('DRAINED', 'QUEUED');
    await harness.env.sleep(10 * SECOND);
    expect(await set.progress()).toMatchObject({ state: 'PAUSED', rulingSeq: 2 });
    expect(set.ports.begun).toHaveLength(1);
    await set.rule('cancel');
    expect(await outcome()).toMatchObject({ DRAINED: 1, NOT_BEGUN: 1 });
  });

  test('that is cancelled starts no further node, activates draining ones, and leaves drained ones', async () => {
    const nodes = await busyNodes(4);
    const [first, second, third] = nodes as [NodeUnderTest, NodeUnderTest, NodeUnderTest];
    set = await DrainSetUnderTest.start(harness, nodes, { maxUnavailable: 2 });
    await set.shows('DRAINING', 'DRAINING', 'QUEUED', 'QUEUED');
    await first.report([]);
    await set.shows('DRAINED', 'DRAINING', 'DRAINING', 'QUEUED');
    // Somebody decided more about this one than the set did, which the set must not cancel.
    await third.decide('decommission', { by: 'bob' });
    await set.rule('cancel');
    await set.shows('DRAINED', 'RELEASED', 'DRAINING', 'NOT_BEGUN');
    expect(await set.progress()).toMatchObject({ state: 'CANCELLING' });
    expect(await second.settled()).toMatchObject({ phase: 'ACTIVE', activeSessions: 1, availability: { by: 'bob' } });
    expect(await third.settled()).toMatchObject({ phase: 'DRAINING', drain: { thenRemove: true } });
    await third.report([]);
    set.ports.removed(third);
    expect(await outcome()).toMatchObject({ DRAINED: 1, RELEASED: 1, REMOVED: 1, NOT_BEGUN: 1 });
    expect((await first.view()).phase).toBe('DRAINED');
    expect(set.ports.projected).toMatchObject({ state: 'CANCELLED' });
  });

  test('that was cancelled before its workflow began ends at once, and starts no node', async () => {
    const nodes = await busyNodes(2);
    set = await DrainSetUnderTest.start(harness, nodes, { ruled: 'cancel' });
    expect(await outcome()).toMatchObject({ NOT_BEGUN: 2, QUEUED: 0 });
    expect(set.ports).toMatchObject({ begun: [], projected: { state: 'CANCELLED', rulingSeq: 2 } });
    expect(set.ports.members.map(({ reason }) => reason)).toEqual(Array(2).fill('the drain set was cancelled by bob'));
  });

  test('that was paused before its workflow began starts no node until it is resumed', async () => {
    const nodes = await busyNodes(1);
    set = await DrainSetUnderTest.start(harness, nodes, { ruled: 'pause' });
    await set.shows('QUEUED');
    await harness.env.sleep(MINUTE / 2);
    expect(set.ports).toMatchObject({ begun: [], projected: { state: 'PAUSED', rulingSeq: 2 } });
    await set.rule('resume');
    await set.shows('DRAINING');
    await nodes[0]?.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 1 });
  });

  test('continues if a node is deleted, rejected or activated meanwhile, was drained before, or cannot be drained', async () => {
    const nodes = await busyNodes(5);
    const [deleted, rejected, activated, drained, deletedBefore] = nodes as [
      NodeUnderTest,
      NodeUnderTest,
      NodeUnderTest,
      NodeUnderTest,
      NodeUnderTest,
    ];
    const pending = await harness.node({ approval: 'PENDING' });
    await pending.settled();
    await drained.decide('deactivate', { by: 'bob' });
    // Room for the one that others drain already, and for one more.
    set = await DrainSetUnderTest.start(harness, [...nodes, pending], { maxUnavailable: 2 });
    await set.shows('DRAINING', 'QUEUED', 'QUEUED', 'QUEUED', 'QUEUED', 'QUEUED');
    set.ports.removed(deleted);
    set.ports.removed(deletedBefore);
    await set.shows('REMOVED', 'DRAINING', 'QUEUED', 'QUEUED', 'QUEUED', 'QUEUED');
    await rejected.decide('reject', { by: 'bob' });
    await set.shows('REMOVED', 'REJECTED', 'QUEUED', 'QUEUED', 'QUEUED', 'QUEUED');
    // The rejected one counts too, until it no longer matters.
    set.ports.removed(rejected);
    await set.shows('REMOVED', 'REJECTED', 'DRAINING', 'ALREADY', 'REMOVED', 'SKIPPED');
    await activated.decide('activate', { by: 'bob' });
    expect(await outcome()).toMatchObject({ REMOVED: 2, REJECTED: 1, ACTIVATED: 1, ALREADY: 1, SKIPPED: 1 });
    expect(set.ports.members.map(({ reason }) => reason)).toEqual([
      '',
      'by bob',
      'by bob',
      `node ${drained.input.nodeId} is draining already`,
      '',
      `node ${pending.input.nodeId} awaits approval`,
    ]);
  });

  test('counts its nodes that are unavailable for other reasons, names them, and waits until there is room', async () => {
    const nodes = await busyNodes(3);
    const [first, , third] = nodes as [NodeUnderTest, NodeUnderTest, NodeUnderTest];
    await third.decide('reject', { by: 'bob' });
    await third.settled();
    set = await DrainSetUnderTest.start(harness, nodes);
    await set.shows('QUEUED', 'QUEUED', 'QUEUED');
    await harness.env.sleep(MINUTE / 2);
    expect(set.ports).toMatchObject({
      begun: [],
      projected: { waiting: true, others: { count: 1, named: [{ name: third.input.nodeId, why: 'REJECTED' }] } },
    });
    expect(await set.progress()).toMatchObject({ state: 'RUNNING', waiting: true });
    await third.decide('approve', { by: 'bob' });
    await third.report([]);
    await set.shows('DRAINING', 'QUEUED', 'QUEUED');
    expect(set.ports).toMatchObject({ begun: namesOf([first]), projected: { waiting: false, others: { count: 0 } } });
    await set.rule('cancel');
    expect(await outcome()).toMatchObject({ RELEASED: 1, NOT_BEGUN: 2 });
  });

  test('waits for a silent node as for a draining one, and drains it in its turn', async () => {
    const [silent] = (await busyNodes(1, { disconnectTimeoutMs: 5 * SECOND, unknownTimeoutMs: DAY })) as [
      NodeUnderTest,
    ];
    const [lively] = (await busyNodes(1)) as [NodeUnderTest];
    await harness.env.sleep(10 * SECOND);
    await silent.until(({ liveness }) => liveness.value === 'UNHEALTHY');
    set = await DrainSetUnderTest.start(harness, [lively, silent]);
    await set.shows('QUEUED', 'QUEUED');
    await harness.env.sleep(10 * SECOND);
    expect(set.ports).toMatchObject({
      begun: [],
      projected: { waiting: true, others: { named: [{ name: silent.input.nodeId, why: 'UNHEALTHY' }] } },
    });
    // Time is not skipped while the server has a task that no worker takes.
    await set.handle.terminate();
    await set.stop();
    // When its own turn comes, its drain takes nothing from the others.
    set = await DrainSetUnderTest.start(harness, [silent, lively]);
    await set.shows('DRAINING', 'QUEUED');
    expect(set.ports.begun).toEqual(namesOf([silent]));
    await silent.report([]);
    await set.shows('DRAINED', 'DRAINING');
    await lively.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 2 });
  });

  test('holds no slot while it waits', async () => {
    const nodes = await busyNodes(1);
    set = await DrainSetUnderTest.start(harness, nodes);
    await set.shows('DRAINING');
    await harness.env.sleep(MINUTE / 2);
    expect((await set.handle.describe()).raw.pendingActivities ?? []).toEqual([]);
    expect(set.ports.looks.get(nodes[0]?.uid ?? '')).toBeGreaterThan(2);
    await nodes[0]?.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 1 });
  });

  test('continues if a node is lost: its sessions are lost, and its drain ends', async () => {
    const nodes = await busyNodes(2, { disconnectTimeoutMs: 5 * SECOND, unknownTimeoutMs: 10 * SECOND });
    const [lost, next] = nodes as [NodeUnderTest, NodeUnderTest];
    set = await DrainSetUnderTest.start(harness, nodes);
    await set.shows('DRAINING', 'QUEUED');
    await set.shows('DRAINED', 'DRAINED');
    expect(lost.ports.eventTypes).toEqual(
      expect.arrayContaining(['NodeUnhealthy', 'NodeUnknown', 'SessionsLost', 'NodeDrained']),
    );
    expect(next.ports.eventTypes).toContain('SessionsLost');
    expect(await outcome()).toMatchObject({ DRAINED: 2 });
  });

  test('survives workers that stop, an unavailable MongoDB, and lost answers', async () => {
    const nodes = await busyNodes(2);
    const [first, second] = nodes as [NodeUnderTest, NodeUnderTest];
    set = await DrainSetUnderTest.start(harness, nodes);
    await set.shows('DRAINING', 'QUEUED');
    set.ports.lostAnswers = 1;
    set.ports.down = true;
    await harness.env.sleep(20 * SECOND);
    set.ports.down = false;
    await first.report([]);
    await set.shows('DRAINED', 'DRAINING');
    expect(set.ports.begun).toEqual(namesOf(nodes));
    expect(set.ports.looks.get(first.uid)).toBeGreaterThan(2);
    await second.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 2 });
  });

  test('is not ended by a cancellation in the Web UI', async () => {
    const nodes = await busyNodes(1);
    set = await DrainSetUnderTest.start(harness, nodes);
    await set.shows('DRAINING');
    await set.handle.cancel();
    await nodes[0]?.report([]);
    expect(await outcome()).toMatchObject({ DRAINED: 1 });
  });
});
