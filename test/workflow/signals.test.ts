import { describe, expect, test } from '@jest/globals';
import type { DecisionAction } from '../../contract/decision.js';
import { decide, DECISION_ACTIONS } from '../../contract/decision.js';
import { useHarness } from '../support/workflow/lifecycle-harness.js';

const harness = useHarness();

const ANOTHER = 'an earlier incarnation of the same name';

describe('decision signals', () => {
  test.each(DECISION_ACTIONS)('ignore %s that is meant for another incarnation', async (action: DecisionAction) => {
    const node = await harness.node();
    await node.report(['s1']);
    const before = await node.settled();
    await node.signalDecision(
      decide(node.decision, action, { at: await node.now(), by: 'eve', reason: 'not for you' }),
      { uid: ANOTHER },
    );
    expect(await node.settled()).toEqual(before);
  });

  test('change nothing when they are repeated', async () => {
    const node = await harness.node({ approval: 'PENDING' });
    const approval = await node.decide('approve');
    const before = await node.settled();
    for (let again = 0; again < 3; again += 1) await node.signalDecision(approval);
    expect(await node.settled()).toEqual(before);
  });

  test('change nothing after a later decision', async () => {
    const node = await harness.node({ approval: 'PENDING' });
    const approve = await node.commit('approve');
    const deactivate = await node.commit('deactivate');
    const reject = await node.commit('reject', { reason: 'after all' });
    for (const decision of [reject, approve, deactivate]) await node.signalDecision(decision);
    expect(await node.settled()).toMatchObject({
      seq: reject.seq,
      phase: 'REJECTED',
      approval: { reason: 'after all' },
    });
    expect(node.ports.phases).not.toContain('WAITING');
  });

  test('make up for those that were lost', async () => {
    const node = await harness.node({ registered: false, approval: 'PENDING' });
    await node.beat();
    await node.commit('register');
    await node.commit('approve');
    await node.beat();
    await node.decide('deactivate', { reason: 'all at once' });
    expect(await node.settled()).toMatchObject({
      seq: 4,
      phase: 'DRAINED',
      approval: { value: 'APPROVED' },
      availability: { reason: 'all at once' },
    });
  });

  test('are all applied if many come at once, and people see the last', async () => {
    const node = await harness.node({ approval: 'PENDING' });
    for (let round = 0; round < 10; round += 1) {
      await node.decide('approve');
      await node.decide('reject');
    }
    expect(await node.settled()).toMatchObject({ seq: 21, phase: 'REJECTED' });
    expect(node.ports.latest?.view.seq).toBe(21);
  });
});

describe('heartbeats and reports', () => {
  test('are ignored if they come from another incarnation', async () => {
    const node = await harness.node();
    await node.settled();
    await node.beat({ uid: ANOTHER });
    await node.report(['s1'], { uid: ANOTHER });
    expect(await node.settled()).toMatchObject({ phase: 'WAITING', liveness: { value: 'UNKNOWN' }, activeSessions: 0 });
  });

  test('replace the sessions by those reported, and ignore a report that a later one has overtaken', async () => {
    const node = await harness.node();
    await node.report(['s1', 's2']);
    const overtaken = await node.now();
    await node.pass(10);
    await node.report(['s2', 's3']);
    await node.report(['s1'], { at: overtaken });
    await node.settled();
    expect((await node.sessionCache()).sessions.map(({ id }) => id)).toEqual(['s2', 's3']);
    expect(node.ports.latest?.view.activeSessions).toBe(2);
  });
});

describe('cancelling the workflow from outside', () => {
  test("does not end a node's life: only administrators remove nodes", async () => {
    const node = await harness.node();
    await node.beat();
    await node.handle.cancel();
    await node.beat();
    expect((await node.settled()).phase).toBe('ACTIVE');
    await node.decide('deactivate');
    expect((await node.settled()).phase).toBe('DRAINED');
    await node.decide('remove', { reason: 'sold' });
    expect(await node.outcome()).toMatchObject({ reason: 'sold' });
  });
});
