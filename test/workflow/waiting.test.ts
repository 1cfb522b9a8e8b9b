import { describe, expect, test } from '@jest/globals';
import { MINUTE, useHarness } from '../support/workflow/lifecycle-harness.js';

const harness = useHarness();

describe('a WAITING node', () => {
  test('is ACTIVE and HEALTHY from its first heartbeat on, which is recorded once', async () => {
    const node = await harness.node();
    expect((await node.settled()).phase).toBe('WAITING');
    await node.beat();
    expect(await node.settled()).toMatchObject({
      phase: 'ACTIVE',
      liveness: { value: 'HEALTHY', reason: 'heartbeats arrive', by: 'system' },
    });
    await node.beat();
    await node.settled();
    expect(node.ports.eventTypes).toEqual(['NodeHealthy', 'FirstHeartbeat']);
    expect(node.ports.events[1]).toMatchObject({ by: `agent:${node.input.nodeId}` });
  });

  test('counts a report of its sessions as a heartbeat', async () => {
    const node = await harness.node();
    await node.report(['s1']);
    expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', liveness: { value: 'HEALTHY' }, activeSessions: 1 });
  });

  test('is not ACTIVE by a heartbeat from before its approval', async () => {
    const node = await harness.node();
    await node.beat({ at: node.decision.approval.since });
    expect((await node.settled()).phase).toBe('WAITING');
  });

  test('is DRAINED at once when it is deactivated, since it has no sessions', async () => {
    const node = await harness.node();
    await node.decide('deactivate', { reason: 'not yet' });
    expect(await node.settled()).toMatchObject({ phase: 'DRAINED', availability: { reason: 'not yet' } });
  });

  test('is REJECTED, and can be removed', async () => {
    const node = await harness.node();
    await node.decide('reject');
    expect((await node.settled()).phase).toBe('REJECTED');
    await node.decide('remove');
    await node.outcome();
  });
});

describe('a life whose first task comes after its heartbeat is out of date', () => {
  async function begunLate(beatMeanwhile: boolean) {
    await harness.stopWorker();
    const node = await harness.node({ decidedAgoMs: 3 * MINUTE });
    await node.beat({ at: (await node.now()) - 2 * MINUTE });
    if (beatMeanwhile) await node.beatUnsignalled();
    await harness.startWorker();
    return node;
  }

  test('is HEALTHY by what the record has heard since, after that one task', async () => {
    const node = await begunLate(true);
    await node.reached('project');
    // Without a query meanwhile, which would need a task too.
    await node.caughtUp();
    expect(await node.eventCounts()).toMatchObject({ workflowTaskScheduled: 1, workflowTaskCompleted: 1 });
    expect(await node.settled()).toMatchObject({
      phase: 'ACTIVE',
      liveness: { value: 'HEALTHY', reason: 'heartbeats arrive' },
    });
    expect(node.ports.calls('look')).toBe(1);
  });

  test('is UNKNOWN if nothing was heard since, until something is', async () => {
    const node = await begunLate(false);
    expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', liveness: { value: 'UNKNOWN' } });
    await node.beat();
    expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', liveness: { value: 'HEALTHY' } });
  });
});
