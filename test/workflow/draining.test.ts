import { describe, expect, test } from '@jest/globals';
import {
  DAY,
  HOUR,
  MINUTE,
  POLICY,
  SECOND,
  TERMINATION_GRACE_MS,
  useHarness,
} from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';
import type { DecisionContext } from '../../contract/decision.js';
import type { LivenessPolicy } from '../../contract/lifecycle.js';

const harness = useHarness();

/** Timeouts of days, so that silence does not interfere with a drain's deadlines. */
const PATIENT = { disconnectTimeoutMs: 30 * DAY };

async function draining(
  context: Partial<DecisionContext> = {},
  policy: Partial<LivenessPolicy> = PATIENT,
): Promise<NodeUnderTest> {
  const node = await harness.node({ policy });
  await node.report(['s1', 's2']);
  await node.settled();
  await node.decide('deactivate', context);
  expect((await node.settled()).phase).toBe('DRAINING');
  return node;
}

const inOneHour = async (onDeadline: 'wait' | 'terminate') => ({
  deadline: (await harness.env.currentTimeMs()) + HOUR,
  onDeadline,
});

describe('a DRAINING node', () => {
  test('is DRAINED when its last session has ended', async () => {
    const node = await draining();
    await node.report(['s2']);
    expect(await node.settled()).toMatchObject({ phase: 'DRAINING', drain: { remaining: ['s2'] } });
    await node.report([]);
    expect(await node.settled()).toMatchObject({ phase: 'DRAINED', drainedSeq: 2, drain: { remaining: [] } });
    expect(node.ports.events.at(-1)).toMatchObject({ type: 'NodeDrained', by: 'system' });
    expect(node.ports.terminations).toEqual([]);
  });

  test('waits for ever without a deadline, as long as the node is alive', async () => {
    const node = await draining();
    await node.pass(20 * DAY);
    expect(await node.settled()).toMatchObject({ phase: 'DRAINING', liveness: { value: 'HEALTHY' } });
    expect(node.ports.eventTypes).not.toContain('DrainDeadlinePassed');
  });

  test('keeps waiting after its deadline if that says so, which is reported once', async () => {
    const node = await draining(await inOneHour('wait'));
    await node.pass(HOUR - MINUTE);
    expect(node.ports.eventTypes).not.toContain('DrainDeadlinePassed');
    await node.pass(2 * MINUTE);
    expect(await node.settled()).toMatchObject({
      phase: 'DRAINING',
      drain: { terminating: false, remaining: ['s1', 's2'] },
    });
    await node.pass(10 * MINUTE);
    expect(node.ports.eventTypes.filter((type) => type === 'DrainDeadlinePassed')).toHaveLength(1);
    expect(node.ports.terminations).toEqual([]);
    await node.report([]);
    expect((await node.settled()).phase).toBe('DRAINED');
  });

  test('has its sessions terminated at its deadline if that says so, and is DRAINED when they have ended', async () => {
    const node = await draining(await inOneHour('terminate'));
    await node.pass(HOUR + SECOND);
    expect(await node.settled()).toMatchObject({
      phase: 'DRAINING',
      drain: { terminating: true, remaining: ['s1', 's2'] },
    });
    expect(node.ports.terminations).toEqual([
      { uid: node.uid, sessionIds: ['s1', 's2'], by: 'system', reason: "the drain's deadline has passed" },
    ]);
    expect((await node.sessionCache()).sessions.map(({ state }) => state)).toEqual(['TERMINATING', 'TERMINATING']);
    await node.report([]);
    expect((await node.settled()).phase).toBe('DRAINED');
    expect(node.ports.eventTypes).not.toContain('SessionsLost');
  });

  test('gives up sessions that have not ended within the grace period', async () => {
    const node = await draining(await inOneHour('terminate'));
    await node.pass(HOUR + SECOND);
    await node.report(['s2']);
    await node.pass(TERMINATION_GRACE_MS + SECOND);
    expect(await node.until(({ phase }) => phase === 'DRAINED')).toMatchObject({ activeSessions: 0 });
    expect(node.ports.eventTypes.slice(-3)).toEqual(['DrainDeadlinePassed', 'SessionsLost', 'NodeDrained']);
    expect(node.ports.events.at(-2)?.reason).toBe('not ended within the grace period: s2');
    expect(node.ports.terminations).toHaveLength(1);
  });

  test('acts at once on a deadline that has passed already', async () => {
    const node = await draining({ deadline: 0, onDeadline: 'terminate' });
    await node.until(({ drain }) => drain?.terminating === true);
    expect(node.ports.terminations).toHaveLength(1);
  });

  test('is ACTIVE again when it is activated before the deadline, which then has no effect', async () => {
    const node = await draining(await inOneHour('terminate'));
    await node.pass(HOUR - MINUTE);
    await node.decide('activate', { reason: 'changed my mind' });
    expect(await node.settled()).toMatchObject({
      phase: 'ACTIVE',
      activeSessions: 2,
      availability: { value: 'ACTIVE', reason: 'changed my mind' },
    });
    await node.pass(5 * MINUTE);
    expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', activeSessions: 2 });
    expect(node.ports.terminations).toEqual([]);
    expect(node.ports.eventTypes).not.toContain('DrainDeadlinePassed');
  });

  test('keeps its remaining sessions when it is activated after the deadline has passed', async () => {
    const node = await draining(await inOneHour('terminate'));
    await node.pass(HOUR + SECOND);
    await node.decide('activate');
    expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', activeSessions: 2 });
    await node.pass(2 * TERMINATION_GRACE_MS);
    expect(node.ports.eventTypes).not.toContain('SessionsLost');
  });

  test('is ACTIVE when it is activated while its sessions are being terminated', async () => {
    const node = await draining({ deadline: 0, onDeadline: 'wait' });
    const release = node.ports.hold('terminate');
    await node.decide('deactivate', { deadline: 0, onDeadline: 'terminate' });
    await node.reached('terminate');
    await node.decide('activate');
    release();
    expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', activeSessions: 2 });
    expect(node.ports.events.filter(({ type }) => type === 'DrainDeadlinePassed')).toHaveLength(1);
  });

  test('acts on the deadline of its own drain when it is drained again', async () => {
    const node = await draining(await inOneHour('terminate'));
    await node.pass(HOUR + SECOND);
    await node.decide('activate');
    await node.decide('deactivate', await inOneHour('terminate'));
    expect(await node.settled()).toMatchObject({ phase: 'DRAINING', drain: { terminating: false } });
    await node.pass(HOUR - MINUTE);
    expect(node.ports.terminations).toHaveLength(1);
    await node.pass(2 * MINUTE);
    expect(node.ports.terminations).toHaveLength(2);
  });

  test('is UNHEALTHY when it falls silent, and its sessions are still waited for', async () => {
    const node = await draining({}, POLICY);
    await node.pass(MINUTE + SECOND);
    expect(await node.settled()).toMatchObject({
      phase: 'DRAINING',
      liveness: { value: 'UNHEALTHY' },
      drain: { remaining: ['s1', 's2'] },
    });
  });

  test('is DRAINED when it is lost: its sessions are LOST as soon as it is UNKNOWN', async () => {
    const node = await draining({}, POLICY);
    await node.pass(6 * MINUTE + SECOND);
    expect(await node.until(({ phase }) => phase === 'DRAINED')).toMatchObject({
      liveness: { value: 'UNKNOWN' },
      activeSessions: 0,
    });
    expect(node.ports.eventTypes.slice(-4)).toEqual(['NodeUnhealthy', 'NodeUnknown', 'SessionsLost', 'NodeDrained']);
    expect(node.ports.events.at(-2)?.reason).toBe('their node is lost: s1, s2');
  });

  test('does not return to DRAINING by a report that comes long after it was lost', async () => {
    const node = await draining({}, POLICY);
    const late = (await node.now()) + SECOND;
    await node.pass(6 * MINUTE + SECOND);
    await node.until(({ phase }) => phase === 'DRAINED');
    await node.report(['s1'], { at: late });
    expect(await node.settled()).toMatchObject({ phase: 'DRAINED', liveness: { value: 'UNKNOWN' }, activeSessions: 0 });
  });

  test('keeps its drain when it is decommissioned, and is removed at its end', async () => {
    const node = await draining(await inOneHour('wait'));
    const { drain } = await node.view();
    await node.decide('decommission');
    expect((await node.settled()).drain).toEqual({ ...drain, thenRemove: true });
    await node.report([]);
    await node.outcome();
    expect(node.ports.eventTypes.slice(-2)).toEqual(['NodeDrained', 'NodeRemoved']);
  });

  test('is removed despite running sessions if an immediate removal is requested', async () => {
    const node = await draining();
    await node.decide('remove', { by: 'ada', reason: 'on fire' });
    expect(await node.outcome()).toMatchObject({ by: 'ada', reason: 'on fire' });
    expect(node.ports.events.at(-1)).toMatchObject({ type: 'SessionsLost', reason: 'the node was removed: s1, s2' });
  });

  test('shortens a long list of lost sessions for people', async () => {
    const node = await harness.node();
    await node.report(Array.from({ length: 12 }, (_, index) => `s${index}`));
    await node.decide('remove');
    await node.outcome();
    expect(node.ports.events.at(-1)?.reason).toBe(
      'the node was removed: s0, s1, s2, s3, s4, s5, s6, s7, s8, s9 and 2 more',
    );
  });

  test('keeps a deadline that is years away', async () => {
    const node = await draining({
      deadline: (await harness.env.currentTimeMs()) + 3_000 * DAY,
      onDeadline: 'terminate',
    });
    await node.pass(5 * DAY);
    expect((await node.settled()).phase).toBe('DRAINING');
  });
});
