import { describe, expect, test } from '@jest/globals';
import { DAY, useHarness } from '../support/workflow/lifecycle-harness.js';

const harness = useHarness();

const slot = () => harness.node({ registered: false, approval: 'PENDING' });

describe('a REGISTERED node', () => {
  test('waits for its agent without a timer, for any length of time', async () => {
    const node = await slot();
    await node.settled();
    await node.pass(30 * DAY);
    expect(await node.view()).toMatchObject({
      phase: 'REGISTERED',
      liveness: { value: 'UNKNOWN', reason: 'no heartbeat has come yet' },
    });
    expect(await node.view()).not.toHaveProperty('deadline');
    expect((await node.eventCounts()).timerStarted).toBeUndefined();
  });

  test('is PENDING once its agent has used the token', async () => {
    const node = await slot();
    await node.decide('register', { by: 'agent:node' });
    expect(await node.settled()).toMatchObject({ phase: 'PENDING', seq: 2 });
  });

  test('is WAITING once its agent has used the token, if a policy approved it beforehand', async () => {
    const node = await harness.node({ registered: false, approval: 'APPROVED' });
    expect((await node.settled()).phase).toBe('REGISTERED');
    await node.decide('register');
    expect((await node.settled()).phase).toBe('WAITING');
  });

  test('stays REGISTERED when a heartbeat comes without a registration', async () => {
    const node = await slot();
    await node.beat();
    expect((await node.settled()).phase).toBe('REGISTERED');
  });

  test('can be removed before its token is used', async () => {
    const node = await slot();
    await node.decide('remove', { reason: 'ordered one too many' });
    expect(await node.outcome()).toMatchObject({ uid: node.uid, by: 'admin', reason: 'ordered one too many' });
    expect(node.ports.latest?.view.phase).toBe('REMOVED');
  });
});
