import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LifecycleHarness, MINUTE } from './lifecycle-harness.js';

let harness: LifecycleHarness;
beforeAll(async () => {
  harness = await LifecycleHarness.start();
});
afterAll(() => harness.stop());

describe('an approved node', () => {
  test('waits for its first heartbeat, then is active and healthy', async () => {
    const node = await harness.node();
    expect((await node.settled()).phase).toBe('WAITING');
    await node.beat();
    const view = await node.settled();
    expect(view).toMatchObject({ phase: 'ACTIVE', liveness: { value: 'HEALTHY' } });
    expect(node.world.eventTypes).toEqual(['NodeHealthy', 'FirstHeartbeat']);
  });

  test('stays healthy for a week of heartbeats', async () => {
    const node = await harness.node();
    await node.beat();
    await node.keepBeating(20, 15_000);
    expect((await node.view()).liveness.value).toBe('HEALTHY');
    await node.pass(MINUTE - 1);
    expect((await node.view()).liveness.value).toBe('HEALTHY');
    await node.pass(2);
    expect((await node.view()).liveness.value).toBe('UNHEALTHY');
    await node.pass(5 * MINUTE);
    expect((await node.view()).liveness.value).toBe('UNKNOWN');
    await node.beat();
    expect((await node.settled()).liveness.value).toBe('HEALTHY');
  });

  test('drains and is removed when decommissioned', async () => {
    const node = await harness.node();
    await node.beat();
    await node.report('s1', 's2');
    await node.decide('decommission', { reason: 'old' });
    expect(await node.settled()).toMatchObject({ phase: 'DRAINING', drain: { remaining: ['s1', 's2'] } });
    await node.report();
    expect(await node.outcome()).toMatchObject({ by: 'admin', reason: 'old' });
    expect(node.world.latest?.view.phase).toBe('REMOVED');
    console.log(node.world.eventTypes);
  });

  test('continues as new', async () => {
    const node = await harness.node({ maxRunEvents: 60 });
    await node.beat();
    await node.keepBeating(40, 5000);
    const d = await node.handle.describe();
    console.log(d.runId, d.memo, d.typedSearchAttributes.getAll?.());
    expect((await node.view()).liveness.value).toBe('HEALTHY');
  });
});
