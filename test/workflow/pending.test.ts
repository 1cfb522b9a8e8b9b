import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND, useHarness } from '../support/workflow/lifecycle-harness.js';

const harness = useHarness();

const pending = () => harness.node({ approval: 'PENDING' });

describe('a PENDING node', () => {
  test('is WAITING when it is approved, whatever it reported before', async () => {
    const node = await pending();
    await node.beat();
    expect(await node.settled()).toMatchObject({ phase: 'PENDING', liveness: { value: 'HEALTHY' } });
    await node.decide('approve', { by: 'ada', reason: 'known machine' });
    expect(await node.settled()).toMatchObject({
      phase: 'WAITING',
      approval: { value: 'APPROVED', by: 'ada', reason: 'known machine' },
      liveness: { value: 'HEALTHY' },
    });
  });

  test('is approved by activate as well', async () => {
    const node = await pending();
    await node.decide('activate', { by: 'ada' });
    expect(await node.settled()).toMatchObject({
      phase: 'WAITING',
      approval: { value: 'APPROVED', by: 'ada' },
      availability: { value: 'ACTIVE' },
    });
    await node.beat();
    expect((await node.settled()).phase).toBe('ACTIVE');
  });

  test("is ACTIVE at once if the heartbeat overtook the approval's signal", async () => {
    const node = await pending();
    const approved = await node.commit('approve');
    await node.beat();
    await node.signalDecision(approved);
    expect((await node.settled()).phase).toBe('ACTIVE');
  });

  test('is REJECTED with the message', async () => {
    const node = await pending();
    await node.decide('reject', { by: 'ada', reason: 'Unauthorized node' });
    expect(await node.settled()).toMatchObject({
      phase: 'REJECTED',
      approval: { value: 'REJECTED', by: 'ada', reason: 'Unauthorized node' },
    });
  });

  test('can be removed', async () => {
    const node = await pending();
    await node.decide('remove', { by: 'ada', reason: 'unknown' });
    expect(await node.outcome()).toMatchObject({ by: 'ada', reason: 'unknown' });
  });

  test('is judged by its heartbeats like any other', async () => {
    const node = await pending();
    await node.beat();
    await node.pass(MINUTE + SECOND);
    expect(await node.settled()).toMatchObject({ phase: 'PENDING', liveness: { value: 'UNHEALTHY' } });
  });
});
