import { describe, expect, test } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import { DAY, HOUR, MINUTE, SECOND, useHarness } from '../support/workflow/lifecycle-harness.js';

const harness = useHarness();

describe('a REMOVED node', () => {
  test('is final: no signal reaches it any more', async () => {
    const node = await harness.node();
    await node.beat();
    await node.decide('remove', { by: 'ada', reason: 'sold' });
    const outcome = await node.outcome();
    expect(outcome).toEqual({
      nodeId: node.input.nodeId,
      uid: node.uid,
      removedAt: node.decision.removal?.since,
      by: 'ada',
      reason: 'sold',
    });
    await expect(node.beat()).rejects.toThrow(WorkflowNotFoundError);
    await expect(node.decide('activate')).rejects.toThrow(WorkflowNotFoundError);
    expect(await node.view()).toMatchObject({ phase: 'REMOVED' });
    expect((await node.handle.describe()).status.name).toBe('COMPLETED');
  });

  test('shows in the Web UI that it was removed', async () => {
    const node = await harness.node();
    await node.decide('remove');
    await node.outcome();
    const { typedSearchAttributes } = await node.handle.describe();
    expect(typedSearchAttributes.getAll()).toContainEqual({
      key: { name: 'NodePhase', type: 'KEYWORD' },
      value: 'REMOVED',
    });
  });

  test('ends its sessions as LOST', async () => {
    const node = await harness.node();
    await node.report(['s1']);
    await node.decide('remove');
    await node.outcome();
    expect(node.ports.latest).toMatchObject({
      view: { phase: 'REMOVED', activeSessions: 0 },
      sessionChanges: [{ id: 's1', state: 'LOST' }],
    });
    expect(node.ports.events.at(-1)).toMatchObject({ type: 'SessionsLost', reason: 'the node was removed: s1' });
  });

  test('is not removed if its decommission was cancelled at the last moment', async () => {
    const node = await harness.node();
    await node.report(['s1']);
    await node.decide('decommission');
    await node.settled();
    // The administrator's activate is committed, its signal has not arrived yet, and the last session ends.
    const activate = await node.commit('activate', { by: 'ada' });
    await node.report([]);
    await node.reached('remove');
    await node.pass(MINUTE);
    expect((await node.view()).phase).toBe('DRAINED');
    await node.signalDecision(activate);
    expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', availability: { by: 'ada' } });
    expect(node.ports.eventTypes).not.toContain('NodeRemoved');
    expect(node.ports.phases).not.toContain('REMOVED');
  });

  test('is not removed if the cancelling signal comes while the removal is under way', async () => {
    const node = await harness.node();
    await node.beat();
    const release = node.ports.hold('remove');
    await node.decide('decommission');
    await node.reached('remove');
    await node.decide('activate');
    release();
    expect((await node.settled()).phase).toBe('ACTIVE');
    expect(node.ports.eventTypes).not.toContain('NodeRemoved');
    await node.decide('decommission');
    await node.outcome();
    expect(node.ports.eventTypes.filter((type) => type === 'NodeRemoved')).toHaveLength(1);
  });

  test('is removed if a removal is decided while an earlier one, which it supersedes, is under way', async () => {
    const node = await harness.node();
    await node.beat();
    const release = node.ports.hold('remove');
    await node.decide('decommission');
    await node.reached('remove');
    await node.decide('remove', { by: 'ada', reason: 'sold' });
    release();
    expect(await node.outcome()).toMatchObject({ by: 'ada', reason: 'sold' });
    expect(node.ports.phases.at(-1)).toBe('REMOVED');
  });

  test('asks again when a known decision is signalled again: the record was set back, and has no later decision', async () => {
    const node = await harness.node();
    await node.report(['s1']);
    const decommission = await node.decide('decommission', { reason: 'end of lease' });
    await node.commit('activate', { by: 'ada' });
    await node.report([]);
    await node.reached('remove');
    await node.caughtUp();
    node.ports.committedSeq = decommission.seq;
    await node.signalDecision(decommission, { again: true });
    expect(await node.outcome()).toMatchObject({ reason: 'end of lease' });
  });

  test('is removed after RemoveAfter of silence beyond UNKNOWN', async () => {
    const node = await harness.node({ policy: { removeAfterMs: DAY } });
    await node.beat();
    const lastHeartbeat = await node.now();
    await node.pass(6 * MINUTE + DAY - MINUTE);
    expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', liveness: { value: 'UNKNOWN' } });
    await node.pass(MINUTE + SECOND);
    const outcome = await node.outcome();
    expect(outcome).toMatchObject({
      by: 'system',
      reason: expect.stringContaining('silent for RemoveAfter, last heartbeat '),
    });
    expect(outcome.removedAt - lastHeartbeat).toBeGreaterThanOrEqual(DAY + 6 * MINUTE - SECOND);
    expect(node.ports.eventTypes.slice(-3)).toEqual(['NodeUnhealthy', 'NodeUnknown', 'NodeRemoved']);
  });

  test('is removed after its own time instead if it is ephemeral, in a later run too', async () => {
    const node = await harness.node({ policy: { removeAfterMs: DAY }, removeAfterMs: HOUR, maxRunEvents: 40 });
    await node.keepBeating(20);
    await node.pass(6 * MINUTE + HOUR - MINUTE);
    expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', liveness: { value: 'UNKNOWN' } });
    expect((await node.handle.describe()).runId).not.toBe(node.firstRunId);
    await node.pass(MINUTE + SECOND);
    expect(await node.outcome()).toMatchObject({
      by: 'system',
      reason: expect.stringContaining('ephemeral, and UNKNOWN for 1h, last heartbeat '),
    });
  });

  test('is not removed by RemoveAfter if it was heard again, or never', async () => {
    const policy = { removeAfterMs: DAY };
    const returned = await harness.node({ policy });
    await returned.beat();
    await returned.pass(DAY);
    await returned.beat();
    const never = await harness.node({ policy });
    await returned.pass(DAY);
    expect((await returned.view()).phase).toBe('ACTIVE');
    expect((await never.view()).phase).toBe('WAITING');
  });

  describe('is not removed by RemoveAfter if, while its removal is late,', () => {
    const late = async () => {
      const node = await harness.node({ policy: { removeAfterMs: HOUR } });
      await node.report(['s1']);
      await node.settled();
      await node.pass(6 * MINUTE + HOUR - SECOND);
      // Time is not skipped while an activity is under way.
      const release = node.ports.hold('remove');
      await node.pass(2 * SECOND);
      await node.reached('remove');
      return { node, release };
    };

    test('its heartbeat comes', async () => {
      const { node, release } = await late();
      await node.beat();
      release();
      expect(await node.untilInTime(({ liveness }) => liveness.value === 'HEALTHY')).toMatchObject({ phase: 'ACTIVE' });
      expect(node.ports.eventTypes).not.toContain('NodeRemoved');
      expect((await node.handle.describe()).status.name).toBe('RUNNING');
    });

    test('its heartbeat is recorded and not signalled', async () => {
      const { node, release } = await late();
      await node.beatUnsignalled();
      release();
      expect(await node.untilInTime(({ liveness }) => liveness.value === 'HEALTHY')).toMatchObject({ phase: 'ACTIVE' });
      expect(node.ports.eventTypes).not.toContain('NodeRemoved');
    });

    test('a heartbeat comes that is too old to revive it, until that silence has lasted too', async () => {
      const { node, release } = await late();
      await node.beat({ at: (await node.now()) - 30 * MINUTE });
      release();
      expect(await node.untilInTime(() => true)).toMatchObject({ phase: 'ACTIVE', liveness: { value: 'UNKNOWN' } });
      await node.pass(HOUR);
      expect(await node.outcome()).toMatchObject({
        by: 'system',
        reason: expect.stringContaining('silent for RemoveAfter'),
      });
    });
  });

  test('is removed even if it is heard, if a person decided so', async () => {
    const node = await harness.node();
    await node.beat();
    const release = node.ports.hold('remove');
    await node.decide('decommission', { by: 'ada', reason: 'sold' });
    await node.reached('remove');
    await node.beat();
    release();
    expect(await node.outcome()).toMatchObject({ by: 'ada', reason: 'sold' });
    expect((await node.view()).phase).toBe('REMOVED');
  });

  test('that the record removed ends without a verdict on its silence', async () => {
    const node = await harness.node();
    await node.beat();
    await node.settled();
    // An administrator's delete is committed; its signal has not arrived yet, and the disconnect timer fires.
    node.ports.removed = { at: await node.now(), by: 'ada', reason: 'sold' };
    await node.pass(2 * MINUTE);
    expect((await node.view()).liveness.value).toBe('HEALTHY');
    await node.noticeSilence();
    await node.decide('deactivate');
    expect(await node.outcome()).toMatchObject({ by: 'ada', reason: 'sold' });
    expect(node.ports.eventTypes).toEqual(['NodeHealthy', 'FirstHeartbeat']);
  });

  test('is not removed by RemoveAfter if an administrator decided otherwise at that moment', async () => {
    const node = await harness.node({ policy: { removeAfterMs: DAY } });
    await node.beat();
    await node.pass(DAY);
    const deactivate = await node.commit('deactivate', { by: 'ada' });
    await node.pass(10 * MINUTE);
    await node.reached('remove');
    await node.signalDecision(deactivate);
    await node.beat();
    expect(await node.settled()).toMatchObject({
      phase: 'DRAINED',
      liveness: { value: 'HEALTHY' },
      availability: { by: 'ada' },
    });
    expect(node.ports.eventTypes).not.toContain('NodeRemoved');
  });
});
