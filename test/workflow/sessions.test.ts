import { describe, expect, test } from '@jest/globals';
import { MAX_SESSIONS_PER_NODE } from '../../contract/sessions.js';
import { MINUTE, SECOND, useHarness } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

const harness = useHarness();

const GIBIBYTE = 1_024 ** 3;

async function active(): Promise<NodeUnderTest> {
  const node = await harness.node();
  await node.beat();
  expect((await node.settled()).phase).toBe('ACTIVE');
  return node;
}

describe('openSession', () => {
  test('reserves what the session asks for, until the node reports it and then as long as it runs', async () => {
    const node = await active();
    expect(await node.open('s1', { cpu: 0.5, memory: GIBIBYTE })).toBe('accepted');
    expect((await node.sessionCache()).sessions).toMatchObject([
      { id: 's1', principal: 'ada', state: 'ASSIGNED', resources: { cpu: 0.5, memory: GIBIBYTE } },
    ]);
    expect(await node.settled()).toMatchObject({
      activeSessions: 1,
      reserved: { cpu: 0.5, memory: GIBIBYTE, disk: 0, gpu: 0 },
    });
    await node.report([]);
    expect((await node.settled()).reserved?.memory).toBe(GIBIBYTE);
    await node.report(['s1']);
    await node.settled();
    expect((await node.sessionCache()).sessions).toMatchObject([{ id: 's1', state: 'RUNNING' }]);
    await node.report([]);
    expect(await node.settled()).toMatchObject({ activeSessions: 0, reserved: { cpu: 0, memory: 0 } });
    expect(node.ports.sessionChanges).toEqual([]);
  });

  test('releases the place of a session that began and ended between two reports', async () => {
    const node = await active();
    await node.open('short', { memory: GIBIBYTE });
    await node.open('waiting', { memory: GIBIBYTE });
    await node.report([], { ended: ['short'] });
    expect(await node.settled()).toMatchObject({ activeSessions: 1, reserved: { memory: GIBIBYTE } });
    expect((await node.sessionCache()).sessions.map(({ id }) => id)).toEqual(['waiting']);
    expect(node.ports.sessionChanges).toEqual([]);
  });

  test('is refused if the node lacks something, and names it', async () => {
    const node = await active();
    expect(await node.open('s1', { memory: 6 * GIBIBYTE, gpu: 1 })).toBe('accepted');
    expect(await node.open('s2', { memory: 3 * GIBIBYTE })).toBe('LACKS_MEMORY');
    expect(await node.open('s3', { cpu: 4.001 })).toBe('LACKS_CPU');
    expect(await node.open('s4', { gpu: 1 })).toBe('LACKS_GPU');
    expect(await node.open('s5', { disk: 101 * GIBIBYTE })).toBe('LACKS_DISK');
    expect(await node.open('s6', { memory: 2 * GIBIBYTE })).toBe('accepted');
    expect((await node.sessionCache()).sessions.map(({ id }) => id)).toEqual(['s1', 's6']);
  });

  test('is idempotent for a session', async () => {
    const node = await active();
    expect(await Promise.all([node.open('s1', { gpu: 1 }), node.open('s1', { gpu: 1 })])).toEqual([
      'accepted',
      'accepted',
    ]);
    expect((await node.view()).reserved).toMatchObject({ gpu: 1 });
  });

  test('gives the last gigabyte to one of several in a race', async () => {
    const node = await active();
    const answers: string[] = [];
    // Temporal accepts ten concurrent updates of a workflow.
    for (let round = 0; round < 3; round += 1) {
      answers.push(
        ...(await Promise.all(
          Array.from({ length: 8 }, (_, index) => node.open(`s${round}-${index}`, { memory: 5 * GIBIBYTE })),
        )),
      );
    }
    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'LACKS_MEMORY')).toHaveLength(23);
  });

  test.each<[string, (node: NodeUnderTest) => Promise<unknown>, string]>([
    ['a DRAINING or DRAINED', (node) => node.decide('deactivate'), 'NOT_ACTIVE'],
    ['a REJECTED', (node) => node.decide('reject'), 'NOT_ACTIVE'],
    ['an UNHEALTHY', (node) => node.pass(MINUTE + SECOND), 'NOT_HEALTHY'],
  ])('is refused by %s node', async (_title, happens, refusal) => {
    const node = await active();
    await happens(node);
    await node.settled();
    expect(await node.open('s1')).toBe(refusal);
  });

  test('is refused for another incarnation of the node, and if the node has its maximum number', async () => {
    const node = await active();
    expect(await node.open('s1', {}, { uid: 'another' })).toBe('WRONG_INCARNATION');
    await node.report(Array.from({ length: MAX_SESSIONS_PER_NODE }, (_, index) => `s${index}`));
    expect(await node.open('one too many')).toBe('TOO_MANY_SESSIONS');
  });

  test('is released if the node does not confirm it in time', async () => {
    const node = await active();
    await node.open('s1', { memory: GIBIBYTE });
    await node.keepBeating(3);
    expect((await node.settled()).activeSessions).toBe(1);
    await node.keepBeating(2);
    expect(await node.until(({ activeSessions }) => activeSessions === 0)).toMatchObject({
      phase: 'ACTIVE',
      reserved: { memory: 0 },
    });
    expect(node.ports.sessionChanges).toMatchObject([
      { id: 's1', state: 'FAILED', by: 'system', reason: `node ${node.input.nodeId} did not confirm it within 1m` },
    ]);
    expect(node.ports.events.at(-1)).toMatchObject({ type: 'SessionsReleased', reason: 'not confirmed in time: s1' });
  });

  test('keeps a drain waiting until the session was confirmed and has ended, or was released', async () => {
    const node = await active();
    await node.open('s1');
    await node.decide('deactivate');
    expect(await node.settled()).toMatchObject({ phase: 'DRAINING', drain: { remaining: ['s1'] } });
    expect(await node.terminate('s1', { release: true })).toBe('accepted');
    expect((await node.until(({ phase }) => phase === 'DRAINED')).activeSessions).toBe(0);
    expect(node.ports.sessionChanges).toEqual([]);
  });

  test('keeps its place when the run continues as new', async () => {
    const node = await harness.node({ maxRunEvents: 30 });
    await node.beat();
    await node.open('s1', { gpu: 1 });
    await node.keepBeating(3, SECOND);
    await node.caughtUp();
    await node.keepBeating(8, SECOND);
    await node.caughtUp();
    expect((await node.handle.describe()).runId).not.toBe(
      (await node.firstRun()).events?.[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId,
    );
    expect(await node.open('s2', { gpu: 1 })).toBe('LACKS_GPU');
    expect((await node.sessionCache()).sessions).toMatchObject([{ id: 's1', state: 'ASSIGNED' }]);
  });
});

describe('terminateSession', () => {
  test('makes the session TERMINATING until the node reports it gone, and records who wanted it and why', async () => {
    const node = await active();
    await node.report(['s1', 's2']);
    expect(await node.terminate('s1', { reason: 'stale' })).toBe('accepted');
    expect(await node.settled()).toMatchObject({ activeSessions: 2 });
    expect(node.ports.sessionChanges).toMatchObject([{ id: 's1', state: 'TERMINATING', by: 'ada', reason: 'stale' }]);
    expect(node.ports.events.at(-1)).toMatchObject({ type: 'SessionsTerminated', by: 'ada', reason: 'stale: s1' });
    await node.report(['s1', 's2']);
    await node.settled();
    expect((await node.sessionCache()).sessions.map(({ state }) => state)).toEqual(['TERMINATING', 'RUNNING']);
    await node.report(['s2']);
    expect((await node.settled()).activeSessions).toBe(1);
  });

  test('changes nothing the second time', async () => {
    const node = await active();
    await node.report(['s1']);
    await node.terminate('s1', { reason: 'stale' });
    expect(await node.terminate('s1', { reason: 'again', by: 'bob' })).toBe('accepted');
    await node.settled();
    expect(node.ports.eventTypes.filter((type) => type === 'SessionsTerminated')).toHaveLength(1);
  });

  test('is refused if the node has no such session', async () => {
    const node = await active();
    await node.report(['s1']);
    expect(await node.terminate('s9')).toBe('SESSION_NOT_FOUND');
    expect(await node.terminate('s1', { uid: 'another' })).toBe('SESSION_NOT_FOUND');
  });
});

describe('sessions follow their node: they are', () => {
  test('LOST when it becomes UNKNOWN, including reserved ones', async () => {
    const node = await active();
    await node.report(['s1']);
    await node.pass(6 * MINUTE + SECOND);
    await node.until(({ liveness }) => liveness.value === 'UNKNOWN');
    expect(node.ports.sessionChanges).toMatchObject([{ id: 's1', state: 'LOST', reason: 'their node is lost' }]);
  });

  test('TERMINATED when it is rejected, LOST when it is removed', async () => {
    const rejected = await active();
    await rejected.report(['s1']);
    await rejected.decide('reject');
    await rejected.until(({ activeSessions }) => activeSessions === 0);
    expect(rejected.ports.sessionChanges).toMatchObject([
      { id: 's1', state: 'TERMINATED', reason: 'the node was rejected' },
    ]);
    const removed = await active();
    await removed.report(['s1']);
    await removed.decide('remove');
    await removed.outcome();
    expect(removed.ports.sessionChanges).toMatchObject([{ id: 's1', state: 'LOST', reason: 'the node was removed' }]);
  });

  test('RUNNING again when a lost node comes back with them', async () => {
    const node = await active();
    await node.report(['s1']);
    await node.pass(7 * MINUTE);
    await node.until(({ liveness }) => liveness.value === 'UNKNOWN');
    await node.report(['s1']);
    expect(await node.settled()).toMatchObject({ liveness: { value: 'HEALTHY' }, activeSessions: 1 });
  });
});
