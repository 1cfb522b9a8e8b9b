import { describe, expect, test } from '@jest/globals';
import { HOUR, SECOND, TERMINATION_GRACE_MS, useHarness } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

const harness = useHarness();

async function drained(): Promise<NodeUnderTest> {
  const node = await harness.node();
  await node.beat();
  await node.decide('deactivate', { by: 'ada', reason: 'new disks' });
  expect((await node.settled()).phase).toBe('DRAINED');
  return node;
}

describe('a DRAINED node', () => {
  test('says by whom and why it was drained, since the drain ended', async () => {
    const node = await drained();
    const { availability, drainedSeq } = await node.view();
    expect(availability).toMatchObject({ value: 'DRAINED', by: 'ada', reason: 'new disks' });
    expect(availability.since).toBe(node.ports.events.at(-1)?.at);
    expect(drainedSeq).toBe(2);
  });

  test('is ACTIVE at once when it is activated, since it was heard after its approval', async () => {
    const node = await drained();
    await node.decide('activate');
    const view = await node.settled();
    expect(view).toMatchObject({ phase: 'ACTIVE', availability: { value: 'ACTIVE' } });
    expect(view).not.toHaveProperty('drain');
  });

  test('is WAITING when it is activated and was never heard', async () => {
    const node = await harness.node();
    await node.decide('deactivate');
    await node.settled();
    await node.decide('activate');
    expect((await node.settled()).phase).toBe('WAITING');
  });

  test('stays drained for any length of time', async () => {
    const node = await drained();
    for (let beat = 0; beat < 40; beat += 1) {
      await node.pass(30 * SECOND);
      await node.beatUnsignalled();
    }
    expect(await node.settled()).toMatchObject({ phase: 'DRAINED', liveness: { value: 'HEALTHY' } });
  });

  test('becomes UNHEALTHY and UNKNOWN when it is switched off, and stays drained', async () => {
    const node = await drained();
    await node.pass(HOUR);
    expect(await node.settled()).toMatchObject({ phase: 'DRAINED', liveness: { value: 'UNKNOWN' } });
  });

  test('is removed at once when it is decommissioned', async () => {
    const node = await drained();
    await node.decide('decommission', { by: 'eve', reason: 'sold' });
    expect(await node.outcome()).toMatchObject({ by: 'eve', reason: 'sold' });
    expect(node.ports.events.at(-1)).toMatchObject({ type: 'NodeRemoved', by: 'eve', reason: 'sold' });
  });

  test('can be rejected, and be removed', async () => {
    const node = await drained();
    await node.decide('reject');
    expect((await node.settled()).phase).toBe('REJECTED');
    await node.decide('approve');
    expect((await node.settled()).phase).toBe('WAITING');
    await node.decide('remove');
    await node.outcome();
  });

  test('drains again when it is activated and deactivated again', async () => {
    const node = await drained();
    await node.decide('activate');
    await node.report(['s1']);
    await node.decide('deactivate');
    expect(await node.settled()).toMatchObject({ phase: 'DRAINING', drain: { remaining: ['s1'] } });
    await node.report([]);
    expect(await node.settled()).toMatchObject({ phase: 'DRAINED', drainedSeq: 4 });
  });

  test('is DRAINING again if an unknown session turns up, until that has ended', async () => {
    const node = await drained();
    await node.report(['s1']);
    expect(await node.settled()).toMatchObject({ phase: 'DRAINING', drain: { by: 'ada', remaining: ['s1'] } });
    await node.report([]);
    expect(await node.settled()).toMatchObject({ phase: 'DRAINED', activeSessions: 0 });
    expect(node.ports.eventTypes.filter((type) => type === 'NodeDrained')).toHaveLength(2);
  });

  test('stays DRAINED if the node still reports sessions that were terminated and given up', async () => {
    const node = await harness.node();
    await node.report(['s1']);
    await node.decide('deactivate', { deadline: 0, onDeadline: 'terminate' });
    await node.until(({ drain }) => drain?.terminating === true);
    await node.pass(TERMINATION_GRACE_MS + SECOND);
    await node.until(({ phase }) => phase === 'DRAINED');
    await node.report(['s1']);
    expect(await node.settled()).toMatchObject({ phase: 'DRAINED', activeSessions: 0 });
    expect(node.ports.eventTypes.filter((type) => type === 'SessionsLost')).toHaveLength(1);
    await node.decide('activate');
    await node.report(['s1', 's2']);
    expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', activeSessions: 2 });
  });
});
