import { describe, expect, test } from '@jest/globals';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';
import { useHarness } from '../support/workflow/lifecycle-harness.js';

const harness = useHarness();

async function working(): Promise<NodeUnderTest> {
  const node = await harness.node();
  await node.beat();
  await node.report(['s1', 's2']);
  await node.settled();
  return node;
}

describe('a REJECTED node', () => {
  test('has its sessions terminated', async () => {
    const node = await working();
    await node.decide('reject', { reason: 'compromised' });
    expect(await node.until(({ activeSessions }) => activeSessions === 0)).toMatchObject({
      phase: 'REJECTED',
      approval: { reason: 'compromised' },
    });
    expect(node.ports.terminations).toEqual([
      { uid: node.uid, sessionIds: ['s1', 's2'], by: 'system', reason: 'the node was rejected' },
    ]);
    expect(node.ports.events.at(-1)).toMatchObject({
      type: 'SessionsTerminated',
      reason: 'the node was rejected: s1, s2',
    });
  });

  test('terminates nothing if it has none', async () => {
    const node = await harness.node({ approval: 'PENDING' });
    await node.decide('reject');
    await node.settled();
    expect(node.ports.terminations).toEqual([]);
  });

  test('is WAITING again when it is approved after all, and ACTIVE from its next heartbeat on', async () => {
    const node = await working();
    await node.decide('reject');
    await node.until(({ activeSessions }) => activeSessions === 0);
    await node.decide('approve', { by: 'ada' });
    expect(await node.settled()).toMatchObject({ phase: 'WAITING', approval: { value: 'APPROVED', by: 'ada' } });
    await node.beat();
    expect((await node.settled()).phase).toBe('ACTIVE');
  });

  test('keeps its sessions if it is approved again before they were terminated', async () => {
    const node = await working();
    const release = node.ports.hold('terminate');
    await node.decide('reject');
    await node.reached('terminate');
    await node.decide('approve');
    release();
    expect(await node.settled()).toMatchObject({ phase: 'WAITING', activeSessions: 2 });
    expect(node.ports.eventTypes).not.toContain('SessionsTerminated');
  });

  test('forgets only the sessions that were terminated: those reported meanwhile are terminated next', async () => {
    const node = await working();
    const release = node.ports.hold('terminate');
    await node.decide('reject');
    await node.reached('terminate');
    await node.report(['s2', 's3']);
    release();
    await node.until(({ activeSessions }) => activeSessions === 0);
    expect(node.ports.terminations.map(({ sessionIds }) => sessionIds)).toEqual([['s1', 's2'], ['s3']]);
  });

  test('has no drain: its rejection cancels a decommission', async () => {
    const node = await working();
    await node.decide('decommission');
    expect((await node.settled()).phase).toBe('DRAINING');
    await node.decide('reject');
    const view = await node.until(({ activeSessions }) => activeSessions === 0);
    expect(view).toMatchObject({ phase: 'REJECTED', availability: { value: 'ACTIVE' } });
    expect(view).not.toHaveProperty('drain');
    await node.decide('approve');
    expect((await node.settled()).phase).toBe('WAITING');
  });

  test('can be removed', async () => {
    const node = await harness.node({ approval: 'PENDING' });
    await node.decide('reject');
    await node.decide('remove', { reason: 'for good' });
    expect(await node.outcome()).toMatchObject({ reason: 'for good' });
  });
});
