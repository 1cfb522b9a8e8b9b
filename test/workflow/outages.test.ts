import { describe, expect, test } from '@jest/globals';
import { HOUR, MINUTE, SECOND, useHarness } from '../support/workflow/lifecycle-harness.js';

const harness = useHarness({ maxCachedWorkflows: 0 });

// Nothing is cached here: every workflow task replays the whole history, as on a worker that has just taken over.

describe('workers that come and go', () => {
  test('a decommission is one durable process: decided while no worker runs, it is finished days later', async () => {
    const node = await harness.node({ approval: 'PENDING', policy: { disconnectTimeoutMs: 12 * HOUR } });
    await node.settled();
    await harness.stopWorker();
    await node.decide('approve', { by: 'bob' });
    await node.report(['s1']);
    await node.decide('decommission', { by: 'ada', reason: 'end of lease' });
    await harness.startWorker();
    for (let day = 0; day < 6; day += 1) {
      await node.pass(12 * HOUR - MINUTE);
      await node.report(['s1']);
    }
    expect(await node.settled()).toMatchObject({
      phase: 'DRAINING',
      approval: { by: 'bob' },
      drain: { thenRemove: true },
    });
    await node.report([]);
    expect(await node.outcome()).toMatchObject({ by: 'ada', reason: 'end of lease' });
  });

  test('a plan begins and ends with workers that take over from others', async () => {
    const node = await harness.node({ policy: { disconnectTimeoutMs: 12 * HOUR } });
    await node.beat();
    const now = await node.now();
    await node.decide('plan', { by: 'ada', plannedAt: now + HOUR, until: now + 5 * HOUR });
    await node.settled();
    await harness.stopWorker();
    await harness.startWorker();
    await node.pass(HOUR);
    await node.until(({ phase }) => phase === 'DRAINED');
    await harness.stopWorker();
    await harness.startWorker();
    await node.pass(4 * HOUR);
    await node.until(({ phase }) => phase === 'ACTIVE');
  });

  test('a worker that stops while it applies a decision is replaced by the next one', async () => {
    const node = await harness.node();
    await node.beat();
    await node.settled();
    const release = node.ports.hold('project');
    const writes = node.ports.calls('project');
    await node.decide('deactivate', { by: 'ada', reason: 'new disks' });
    await node.reached('project', writes + 1);
    await harness.stopWorker();
    release();
    await harness.startWorker();
    const view = await node.untilInTime(({ phase }) => phase === 'DRAINED');
    expect(view).toMatchObject({ seq: 2, availability: { by: 'ada', reason: 'new disks' } });
    expect(node.ports.eventTypes.filter((type) => type === 'NodeDrained')).toHaveLength(1);
  });
});

describe('an hour without MongoDB', () => {
  test('delays projections, and loses and reorders none', async () => {
    const node = await harness.node({ approval: 'PENDING' });
    await node.settled();
    node.ports.down = true;
    await node.decide('approve', { by: 'ada' });
    await node.pass(20 * MINUTE);
    await node.beat();
    await node.decide('deactivate', { by: 'bob' });
    await node.pass(20 * MINUTE);
    await node.decide('activate', { by: 'eve' });
    await node.pass(20 * MINUTE);
    await node.beat();
    expect(node.ports.phases).toEqual(['PENDING']);
    node.ports.down = false;
    expect(await node.untilInTime(({ phase }) => phase === 'ACTIVE')).toMatchObject({
      seq: 4,
      availability: { by: 'eve' },
      liveness: { value: 'HEALTHY' },
    });
    const told = node.ports.projections.map(({ view }) => view);
    expect(told.map(({ seq }) => seq)).toEqual(told.map(({ seq }) => seq).sort((a, b) => a - b));
    expect(told.at(-1)?.seq).toBe(4);
    expect(node.ports.eventTypes).toEqual(['NodeHealthy', 'FirstHeartbeat']);
  });

  test('delays the first projection of a life that begins in it', async () => {
    await harness.stopWorker();
    const node = await harness.node({ approval: 'PENDING' });
    node.ports.down = true;
    await harness.startWorker();
    await node.pass(HOUR);
    expect(node.ports.projections).toEqual([]);
    node.ports.down = false;
    await node.untilInTime(({ phase }) => phase === 'PENDING');
    expect(node.ports.projections).toHaveLength(1);
  });

  test('delays a removal, which is then carried out', async () => {
    const node = await harness.node();
    await node.report(['s1']);
    await node.settled();
    node.ports.down = true;
    await node.decide('remove', { by: 'ada', reason: 'sold' });
    await node.pass(HOUR);
    expect(node.ports.phases).not.toContain('REMOVED');
    node.ports.down = false;
    await node.pass(30 * SECOND);
    expect(await node.outcome()).toMatchObject({ by: 'ada', reason: 'sold' });
    expect(node.ports.phases.at(-1)).toBe('REMOVED');
  });

  test("delays the termination of a rejected node's sessions", async () => {
    const node = await harness.node();
    await node.report(['s1']);
    await node.settled();
    node.ports.down = true;
    await node.decide('reject', { reason: 'compromised' });
    await node.pass(HOUR);
    expect(await node.view()).toMatchObject({ phase: 'REJECTED', activeSessions: 1 });
    node.ports.down = false;
    await node.untilInTime(({ activeSessions }) => activeSessions === 0);
    expect(node.ports.terminations).toHaveLength(1);
  });
});
