import { expect, test } from '@jest/globals';
import {
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  TERMINATION_GRACE_MS,
  type NodeOptions,
  useHarness,
} from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

const harness = useHarness();

/** A node with a session that has just been heard for the last time, and falls silent with enough others for a mass silence. */
async function silencedNode(options: NodeOptions = {}): Promise<NodeUnderTest> {
  const node = await harness.node(options);
  await node.report(['s1']);
  await node.settled();
  node.ports.held = { since: await node.now() };
  return node;
}

const sessionsOf = async (node: NodeUnderTest) => (await node.sessionCache()).sessions.map(({ id }) => id);

test('its status is reported as usual, its sessions are kept, and continue when it is heard again', async () => {
  const node = await silencedNode({ policy: { removeAfterMs: HOUR } });
  await node.pass(MINUTE + SECOND);
  expect(await node.until(({ liveness }) => liveness.value === 'UNHEALTHY')).not.toHaveProperty('sessionsHeld');
  await node.pass(5 * MINUTE);
  expect(await node.until(({ liveness }) => liveness.value === 'UNKNOWN')).toMatchObject({
    phase: 'ACTIVE',
    sessionsHeld: true,
    activeSessions: 1,
  });
  await node.pass(DAY);
  expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', sessionsHeld: true, activeSessions: 1 });
  await node.beat();
  expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', liveness: { value: 'HEALTHY' }, activeSessions: 1 });
  expect(node.ports.latest?.view).not.toHaveProperty('sessionsHeld');
  expect(await sessionsOf(node)).toEqual(['s1']);
  expect(node.ports.eventTypes).toEqual(expect.arrayContaining(['NodeUnhealthy', 'NodeUnknown', 'NodeHealthy']));
  expect(node.ports.eventTypes).not.toContain('SessionsLost');
  expect(node.ports.sessionChanges).toEqual([]);

  // Once it was heard, it is judged anew, and alone.
  node.ports.held = { ...node.ports.held, since: 0, until: await node.now() };
  await node.pass(6 * MINUTE + 2 * SECOND);
  await node.until(({ liveness }) => liveness.value === 'UNKNOWN');
  expect(await sessionsOf(node)).toEqual([]);
  expect(node.ports.sessionChanges).toMatchObject([{ id: 's1', state: 'LOST' }]);
});

test('if most nodes came back and it does not, its sessions are lost and it is removed after the usual silence, counted from then on', async () => {
  const node = await silencedNode({ policy: { removeAfterMs: HOUR } });
  const since = await node.now();
  await node.pass(3 * HOUR);
  await node.until(({ sessionsHeld }) => sessionsHeld === true);
  node.ports.held = { since, until: await node.now() };
  await node.pass(5 * MINUTE);
  expect(await node.settled()).toMatchObject({ sessionsHeld: true });
  await node.pass(10 * MINUTE);
  expect(await node.until(({ activeSessions }) => activeSessions === 0)).toMatchObject({
    phase: 'ACTIVE',
    liveness: { value: 'UNKNOWN' },
  });
  expect(node.ports.sessionChanges).toMatchObject([{ id: 's1', state: 'LOST' }]);
  await node.pass(30 * MINUTE);
  expect(await node.settled()).toMatchObject({ phase: 'ACTIVE' });
  await node.pass(HOUR);
  expect(await node.outcome()).toMatchObject({ reason: expect.stringContaining('silent for RemoveAfter') });
});

test('after a release, sessions are lost as soon as that is noticed, and RemoveAfter removes', async () => {
  const node = await silencedNode({ policy: { removeAfterMs: HOUR } });
  await node.pass(3 * HOUR);
  await node.until(({ sessionsHeld }) => sessionsHeld === true);
  expect(node.ports.eventTypes).not.toContain('NodeRemoved');
  node.ports.held = undefined;
  await node.noticeSilence();
  expect(await node.outcome()).toMatchObject({ reason: expect.stringContaining('silent for RemoveAfter') });
  expect(node.ports.eventTypes.filter((type) => ['SessionsLost', 'NodeRemoved'].includes(type))).toEqual([
    'SessionsLost',
    'NodeRemoved',
  ]);
});

test('a drain waits for the sessions of a silent node, beyond its deadline and the grace period, and ends when they are lost', async () => {
  const node = await silencedNode();
  await node.decide('deactivate', { deadline: (await node.now()) + 2 * MINUTE, onDeadline: 'terminate' });
  await node.settled();
  await node.pass(2 * MINUTE + TERMINATION_GRACE_MS + SECOND);
  expect(await node.until(({ drain }) => drain?.terminating === true)).toMatchObject({
    phase: 'DRAINING',
    liveness: { value: 'UNHEALTHY' },
  });
  await node.pass(HOUR);
  expect(await node.settled()).toMatchObject({ phase: 'DRAINING', activeSessions: 1 });
  expect(node.ports.eventTypes).not.toContain('SessionsLost');
  node.ports.held = undefined;
  await node.noticeSilence();
  expect(await node.until(({ phase }) => phase === 'DRAINED')).toMatchObject({ activeSessions: 0 });
});

test('a drain of a node that dies alone ends with its grace period, as usual', async () => {
  const node = await harness.node();
  await node.report(['s1']);
  await node.decide('deactivate', { deadline: (await node.now()) + 2 * MINUTE, onDeadline: 'terminate' });
  await node.settled();
  await node.pass(2 * MINUTE + TERMINATION_GRACE_MS + SECOND);
  await node.until(({ phase }) => phase === 'DRAINED');
});

test('kept sessions stay so in the next run, and if its lifecycle starts again from the record', async () => {
  const node = await silencedNode({ maxRunEvents: 60 });
  await node.pass(10 * MINUTE);
  await node.until(({ sessionsHeld }) => sessionsHeld === true);
  for (let seen = 0; seen < 20; seen += 1) {
    await node.decide(seen % 2 === 0 ? 'deactivate' : 'activate');
    await node.caughtUp();
  }
  await node.pass(HOUR);
  await node.caughtUp();
  expect(await node.settled()).toMatchObject({ sessionsHeld: true, activeSessions: 1 });
  const { liveness, lastHeartbeat = 0 } = await node.view();

  const rebuilt = await harness.node({
    carried: {
      revision: 100,
      liveness,
      drainedSeq: 0,
      lastHeartbeat,
      blindMs: 0,
      sessionsHeld: true,
      sessions: (await node.sessionCache()).sessions,
    },
  });
  rebuilt.ports.record(lastHeartbeat, 'boot');
  rebuilt.ports.held = { since: lastHeartbeat };
  await rebuilt.pass(HOUR);
  expect(await rebuilt.settled()).toMatchObject({ sessionsHeld: true, activeSessions: 1 });
  rebuilt.ports.held = undefined;
  await rebuilt.noticeSilence();
  await rebuilt.until(({ activeSessions }) => activeSessions === 0);
});
