import { describe, expect, test } from '@jest/globals';
import { DAY, HOUR, MINUTE, SECOND, useHarness } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

const harness = useHarness();

async function active(...sessions: string[]): Promise<NodeUnderTest> {
  const node = await harness.node();
  await node.beat();
  if (sessions.length > 0) await node.report(sessions);
  expect((await node.settled()).phase).toBe('ACTIVE');
  return node;
}

describe('an ACTIVE node', () => {
  test('stays HEALTHY through a week of heartbeats, with one timer that no heartbeat starts or cancels', async () => {
    const node = await harness.node({ policy: { disconnectTimeoutMs: HOUR } });
    await node.beat();
    for (let minutes = 0; minutes < 7 * 24 * 60; minutes += 50) {
      await node.pass(50 * MINUTE);
      await node.beat();
    }
    expect((await node.view()).liveness.value).toBe('HEALTHY');
    expect(node.ports.eventTypes).toEqual(['NodeHealthy', 'FirstHeartbeat']);
    const { timerStarted = 0, timerCanceled = 0, workflowExecutionSignaled = 0 } = await node.eventCounts();
    expect(workflowExecutionSignaled).toBeGreaterThan(200);
    expect(timerCanceled).toBe(0);
    expect(timerStarted).toBeLessThanOrEqual(workflowExecutionSignaled);
  });

  test('is DRAINING when it is deactivated while it has sessions', async () => {
    const node = await active('s1');
    const deadline = (await node.now()) + HOUR;
    await node.decide('deactivate', { by: 'ada', reason: 'new kernel', deadline, onDeadline: 'terminate' });
    expect(await node.settled()).toMatchObject({
      phase: 'DRAINING',
      availability: { value: 'DRAINING', by: 'ada', reason: 'new kernel' },
      drain: {
        by: 'ada',
        reason: 'new kernel',
        deadline,
        onDeadline: 'terminate',
        terminating: false,
        thenRemove: false,
        remaining: ['s1'],
      },
    });
  });

  test('is REJECTED although it was approved', async () => {
    const node = await active();
    await node.decide('reject', { reason: 'compromised' });
    expect(await node.settled()).toMatchObject({ phase: 'REJECTED', approval: { reason: 'compromised' } });
  });

  test('is decommissioned at once if it has no sessions', async () => {
    const node = await active();
    await node.decide('decommission', { by: 'ada', reason: 'end of lease' });
    expect(await node.outcome()).toMatchObject({ by: 'ada', reason: 'end of lease' });
    expect(node.ports.phases).toEqual(['WAITING', 'ACTIVE', 'DRAINED', 'REMOVED']);
    expect(node.ports.eventTypes.slice(2)).toEqual(['NodeDrained', 'NodeRemoved']);
  });

  test('reports that its agent has restarted, by the boot id', async () => {
    const node = await active();
    node.bootId = 'another boot';
    await node.beat();
    expect(await node.settled()).toMatchObject({ bootId: 'another boot', phase: 'ACTIVE' });
    expect(node.ports.events.at(-1)).toMatchObject({ type: 'NodeRestarted', by: `agent:${node.input.nodeId}` });
  });

  test('lists its sessions', async () => {
    const node = await active('s1', 's2');
    const { sessions, reportedAt } = await node.sessionCache();
    expect(sessions.map(({ id }) => id)).toEqual(['s1', 's2']);
    expect(reportedAt).toBe(node.ports.recorded?.at);
  });

  test('ignores a report that changes nothing', async () => {
    const node = await active('s1', 's2');
    const { sessions } = await node.sessionCache();
    const { revision } = await node.view();
    await node.reportAgain(sessions.toReversed());
    await node.caughtUp();
    expect((await node.view()).revision).toBe(revision);
    expect((await node.sessionCache()).reportedAt).toBe(node.ports.recorded?.at);
    await node.reportAgain(sessions.slice(1));
    expect(await node.settled()).toMatchObject({ activeSessions: 1 });
  });

  test('is found in the Web UI by its search attributes', async () => {
    const node = await active();
    const shown = async () => {
      const { typedSearchAttributes } = await node.handle.describe();
      return Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
    };
    expect(await shown()).toEqual({
      NodePhase: 'ACTIVE',
      NodeLiveness: 'HEALTHY',
      NodeApproval: 'APPROVED',
      NodeType: 'Compute',
      TemporalChangeVersion: ['begins-within-its-task'],
    });
    const upserts = (await node.eventCounts()).upsertWorkflowSearchAttributes;
    await node.beat();
    await node.report(['s1']);
    await node.settled();
    expect((await node.eventCounts()).upsertWorkflowSearchAttributes).toBe(upserts);
    await node.decide('reject');
    await node.until(({ activeSessions }) => activeSessions === 0);
    expect(await shown()).toMatchObject({ NodePhase: 'REJECTED', NodeApproval: 'REJECTED' });
  });

  test('has a description in the Web UI', async () => {
    const node = await active('s1');
    const deadline = (await node.now()) + DAY;
    await node.decide('decommission', { by: 'ada', reason: 'end of lease', deadline, onDeadline: 'terminate' });
    await node.settled();
    const details = await node.currentDetails();
    expect(details).toContain(`**DRAINING** · HEALTHY · Compute node ${node.input.nodeId} · decision 2`);
    expect(details).toMatch(/- availability: DRAINING since \S+Z by ada \(end of lease\)/);
    expect(details).toContain('- sessions: 1');
    expect(details).toContain('- drain waits for: s1');
    expect(details).toContain(`- drain deadline: ${new Date(deadline).toISOString()}, then terminate`);
    expect(details).toContain('- removed when the drain is done');
  });

  test('is CONNECTED or DISCONNECTED if it is an api replica', async () => {
    const node = await harness.node({ type: 'Requester' });
    await node.beat();
    await node.settled();
    expect(await node.currentDetails()).toContain('**ACTIVE** · CONNECTED');
    await node.pass(MINUTE + SECOND);
    expect((await node.settled()).liveness.value).toBe('UNHEALTHY');
    expect(await node.currentDetails()).toContain('**ACTIVE** · DISCONNECTED');
    const { typedSearchAttributes } = await node.handle.describe();
    expect(typedSearchAttributes.getAll()).toContainEqual({
      key: { name: 'NodeType', type: 'KEYWORD' },
      value: 'Requester',
    });
  });
});
