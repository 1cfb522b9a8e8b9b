import { describe, expect, test } from '@jest/globals';
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
import { untilAnswered } from '../support/workflow/until-answered.js';

const harness = useHarness();

const SHORT: NodeOptions = { maxRunEvents: 60 };

const runId = async (node: NodeUnderTest): Promise<string> => (await node.handle.describe()).runId;

/** Sends heartbeats until the node's run has continued as another. */
async function beatIntoNextRun(node: NodeUnderTest, uid = node.uid): Promise<void> {
  const before = await runId(node);
  await untilAnswered(async () => {
    await node.beat({ uid });
    await node.caughtUp();
    return (await runId(node)) === before ? undefined : true;
  }, 'the workflow never continued as new');
  await node.settled();
}

describe('continue-as-new', () => {
  test('keeps every run short', async () => {
    const node = await harness.node(SHORT);
    await node.beat();
    for (let run = 0; run < 3; run += 1) await beatIntoNextRun(node);
    const { historyLength } = await node.handle.describe();
    expect(historyLength).toBeLessThan(60);
  });

  test('carries the memo, the search attributes and the view', async () => {
    const node = await harness.node(SHORT);
    await node.report(['s1']);
    const before = await node.settled();
    await beatIntoNextRun(node);
    const description = await node.handle.describe();
    expect(description.memo).toEqual({ uid: node.uid, nodeId: node.input.nodeId, type: 'Compute' });
    expect(
      Object.fromEntries(description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])),
    ).toEqual({
      NodePhase: 'ACTIVE',
      NodeLiveness: 'HEALTHY',
      NodeApproval: 'APPROVED',
      NodeType: 'Compute',
    });
    const after = await node.settled();
    expect(after).toMatchObject({
      seq: before.seq,
      phase: 'ACTIVE',
      approval: before.approval,
      availability: before.availability,
      liveness: before.liveness,
      activeSessions: 1,
    });
    expect(after.revision).toBeGreaterThan(before.revision);
    expect((await node.sessionCache()).sessions.map(({ id }) => id)).toEqual(['s1']);
    expect(await node.currentDetails()).toContain('**ACTIVE** · HEALTHY');
  });

  test('carries the deadlines of liveness', async () => {
    const node = await harness.node(SHORT);
    await node.beat();
    await beatIntoNextRun(node);
    await node.pass(MINUTE - 10 * SECOND);
    expect((await node.settled()).liveness.value).toBe('HEALTHY');
    await node.pass(11 * SECOND);
    expect((await node.settled()).liveness.value).toBe('UNHEALTHY');
    await node.pass(5 * MINUTE);
    expect((await node.settled()).liveness.value).toBe('UNKNOWN');
  });

  test("carries blind time that counts in the node's favour, and a changed policy", async () => {
    const node = await harness.node(SHORT);
    await node.beat();
    node.ports.blindMs = HOUR;
    node.ports.livenessPolicy = { ...node.ports.livenessPolicy, disconnectTimeoutMs: 2 * MINUTE };
    await node.pass(MINUTE + SECOND);
    const { deadline } = await node.view();
    // Signals for another incarnation make its history long all the same.
    await beatIntoNextRun(node, 'another');
    expect((await node.settled()).deadline).toBe(deadline);
  });

  test('carries a drain and its deadline', async () => {
    const node = await harness.node({ ...SHORT, policy: { disconnectTimeoutMs: DAY } });
    await node.report(['s1']);
    await node.decide('decommission', { by: 'ada', deadline: (await node.now()) + HOUR, onDeadline: 'terminate' });
    const { drain } = await node.settled();
    await beatIntoNextRun(node);
    expect(await node.settled()).toMatchObject({ phase: 'DRAINING', drain });
    await node.pass(HOUR - MINUTE);
    expect(node.ports.terminations).toEqual([]);
    await node.pass(MINUTE + SECOND);
    expect((await node.settled()).drain).toMatchObject({ terminating: true });
    expect(node.ports.terminations).toHaveLength(1);
    // Once more, between the deadline and the end of the grace period.
    await beatIntoNextRun(node);
    expect((await node.settled()).drain).toMatchObject({ terminating: true });
    await node.pass(TERMINATION_GRACE_MS + SECOND);
    expect(await node.outcome()).toMatchObject({ by: 'ada' });
    expect(node.ports.terminations).toHaveLength(1);
    expect(node.ports.eventTypes.slice(-4)).toEqual([
      'DrainDeadlinePassed',
      'SessionsLost',
      'NodeDrained',
      'NodeRemoved',
    ]);
  });

  test('carries a finished drain', async () => {
    const node = await harness.node(SHORT);
    await node.beat();
    await node.decide('deactivate', { reason: 'new disks' });
    const { availability } = await node.settled();
    await beatIntoNextRun(node);
    expect(await node.settled()).toMatchObject({ phase: 'DRAINED', availability, drainedSeq: 2 });
    expect(node.ports.eventTypes.filter((type) => type === 'NodeDrained')).toHaveLength(1);
  });
});

describe('a lifecycle that starts from what MongoDB knew of an earlier one', () => {
  test('continues where that one stopped', async () => {
    const since = (await harness.env.currentTimeMs()) - MINUTE;
    const node = await harness.node({
      carried: {
        revision: 41,
        liveness: { value: 'HEALTHY', since, reason: 'heartbeats arrive', by: 'system' },
        drainedSeq: 0,
        lastHeartbeat: since + 30 * SECOND,
        bootId: 'b1',
        blindMs: 0,
        sessions: [{ id: 's1', principal: 'ada', statement: 'select 1', state: 'RUNNING', startedAt: since }],
        sessionsReportedAt: since,
      },
      // Longer than the slowest machine takes until the first look.
      policy: { disconnectTimeoutMs: DAY, unknownTimeoutMs: DAY },
    });
    node.ports.record(since + 30 * SECOND, 'b1');
    expect(await node.settled()).toMatchObject({
      revision: 42,
      liveness: { value: 'HEALTHY' },
      activeSessions: 1,
      bootId: 'b1',
    });
    await node.pass(DAY);
    expect((await node.settled()).liveness.value).toBe('UNHEALTHY');
  });
});
