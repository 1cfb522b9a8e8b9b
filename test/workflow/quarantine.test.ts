import { describe, expect, test } from '@jest/globals';
import { USUAL_RULE, type ConditionRule } from '../../contract/quarantine.js';
import { InMemoryBudget } from '../support/workflow/in-memory-fitness.js';
import { DAY, HOUR, MINUTE, SECOND, useHarness, type NodeOptions } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

const harness = useHarness();

const DRAIN: ConditionRule = { ...USUAL_RULE, policy: 'drain' };
const CLOSE: ConditionRule = { ...USUAL_RULE, policy: 'noNewSessions' };

/** An ACTIVE node that may be silent for days, so that only its checks matter. */
async function checked(rules: Record<string, ConditionRule>, options: NodeOptions = {}): Promise<NodeUnderTest> {
  const node = await harness.node({ policy: { disconnectTimeoutMs: 30 * DAY }, ...options });
  node.ports.fitness.rules = new Map(Object.entries(rules));
  await node.beat();
  expect((await node.settled()).phase).toBe('ACTIVE');
  return node;
}

const told = (node: NodeUnderTest, type: string) => node.ports.eventTypes.filter((one) => one === type).length;

describe('a check that fails', () => {
  test('drains the node, which comes back once it has passed for ReturnAfter', async () => {
    const node = await checked({ disk: DRAIN });
    await node.says({ disk: 'UNFIT' });
    const out = await node.until(({ phase }) => phase === 'DRAINED');
    expect(out.availability).toMatchObject({ by: 'check:disk', reason: 'disk: disk is UNFIT' });
    await node.pass(DAY);
    expect((await node.settled()).phase).toBe('DRAINED');
    await node.says({ disk: 'FIT' });
    await node.pass(DRAIN.returnAfterMs - SECOND);
    expect((await node.settled()).phase).toBe('DRAINED');
    await node.pass(2 * SECOND);
    expect((await node.until(({ phase }) => phase === 'ACTIVE')).availability.by).toBe('check:disk');
  });

  test('lets running sessions finish until the deadline of its drain', async () => {
    const node = await checked({ disk: { ...DRAIN, deadlineMs: HOUR, onDeadline: 'terminate' } });
    await node.report(['s1']);
    await node.says({ disk: 'UNFIT' });
    await node.until(({ phase }) => phase === 'DRAINING');
    await node.pass(HOUR + SECOND);
    await node.until(({ drain }) => drain?.terminating === true);
    expect(node.ports.terminations).toHaveLength(1);
  });

  test('only keeps new sessions away if its policy says so', async () => {
    const node = await checked({ load: CLOSE });
    await node.report(['s1']);
    await node.says({ load: 'UNFIT' });
    expect(await node.until(({ seq }) => seq === 2)).toMatchObject({ phase: 'ACTIVE', activeSessions: 1 });
    expect(await node.open('s2')).toBe('NOT_ACTIVE');
    await node.says({ load: 'FIT' });
    await node.pass(CLOSE.returnAfterMs + SECOND);
    await node.until(({ seq }) => seq === 3);
    expect(await node.open('s2')).toBe('accepted');
  });

  test('counts only after it has failed for For', async () => {
    const node = await checked({ disk: { ...DRAIN, forMs: 10 * MINUTE } });
    await node.says({ disk: 'UNFIT' });
    await node.pass(9 * MINUTE);
    await node.says({ disk: 'FIT' });
    await node.pass(MINUTE);
    await node.says({ disk: 'UNFIT' });
    await node.pass(9 * MINUTE);
    expect((await node.settled()).phase).toBe('ACTIVE');
    await node.pass(2 * MINUTE);
    await node.until(({ phase }) => phase === 'DRAINED');
  });

  test('that flaps keeps the node out until it has passed without a break', async () => {
    const node = await checked({ disk: DRAIN });
    await node.says({ disk: 'UNFIT' });
    await node.until(({ phase }) => phase === 'DRAINED');
    for (let turn = 0; turn < 5; turn += 1) {
      await node.says({ disk: 'FIT' });
      await node.pass(4 * MINUTE);
      await node.says({ disk: turn % 2 === 0 ? 'UNKNOWN' : 'UNFIT' });
      await node.pass(4 * MINUTE);
    }
    expect(await node.settled()).toMatchObject({ phase: 'DRAINED', seq: 2 });
  });

  test('drains a node that another check kept new sessions from, and both have to pass', async () => {
    const node = await checked({ load: CLOSE, disk: DRAIN });
    await node.says({ load: 'UNFIT' });
    await node.until(({ seq }) => seq === 2);
    await node.says({ disk: 'UNFIT' });
    await node.until(({ phase }) => phase === 'DRAINED');
    await node.says({ disk: 'FIT' });
    await node.pass(HOUR);
    expect((await node.settled()).phase).toBe('DRAINED');
    await node.says({ load: 'FIT' });
    await node.pass(HOUR);
    await node.until(({ phase }) => phase === 'ACTIVE');
  });

  test('that is only noted does nothing', async () => {
    const node = await checked({ disk: USUAL_RULE });
    await node.says({ disk: 'UNFIT', other: 'UNFIT' });
    await node.pass(DAY);
    expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', seq: 1 });
  });

  test('of another incarnation is ignored', async () => {
    const node = await checked({ disk: DRAIN });
    await node.saysUntold({ disk: 'UNFIT' });
    await node.tellConditions('00000000-0000-4000-8000-000000000000');
    expect((await node.settled()).phase).toBe('ACTIVE');
    // The reconciler's signal, which is the same as the api's.
    await node.tellConditions();
    await node.until(({ phase }) => phase === 'DRAINED');
  });
});

describe("a person's decision", () => {
  test('to activate is not undone by the same failure, but by a new one', async () => {
    const node = await checked({ disk: DRAIN });
    await node.says({ disk: 'UNFIT' });
    await node.until(({ phase }) => phase === 'DRAINED');
    node.ports.fitness.budget.giveBack(node.uid);
    await node.decide('activate', { by: 'ada', despite: ['disk'] });
    await node.tellConditions();
    await node.pass(DAY);
    expect((await node.settled()).phase).toBe('ACTIVE');
    await node.says({ disk: 'FIT' });
    await node.says({ disk: 'UNFIT' });
    await node.until(({ phase }) => phase === 'DRAINED');
  });

  test('to deactivate stays, whatever passes', async () => {
    const node = await checked({ disk: DRAIN });
    await node.says({ disk: 'UNFIT' });
    await node.until(({ phase }) => phase === 'DRAINED');
    await node.decide('deactivate', { by: 'ada', reason: 'new disks' });
    await node.says({ disk: 'FIT' });
    await node.pass(DAY);
    expect(await node.settled()).toMatchObject({ phase: 'DRAINED', availability: { by: 'ada' } });
  });
});

describe('the budget', () => {
  test('is never exceeded, each waiting node is reported once, and goes out when there is room', async () => {
    const budget = new InMemoryBudget(2);
    const nodes = await Promise.all(Array.from({ length: 5 }, () => checked({ disk: DRAIN })));
    for (const node of nodes) node.ports.fitness.budget = budget;
    await Promise.all(nodes.map((node) => node.says({ disk: 'UNFIT' })));
    const views = await Promise.all(
      nodes.map((node) => node.until(({ phase, heldBack }) => phase === 'DRAINED' || heldBack !== undefined)),
    );
    const waiting = nodes.filter((_, index) => views[index]?.heldBack !== undefined);
    const out = nodes.filter((node) => !waiting.includes(node));
    expect([out.length, waiting.length]).toEqual([2, 3]);
    await harness.env.sleep(30 * MINUTE);
    for (const node of waiting) {
      expect((await node.settled()).phase).toBe('ACTIVE');
      expect(told(node, 'QuarantineHeldBack')).toBe(1);
    }
    await Promise.all(out.map((node) => node.says({ disk: 'FIT' })));
    await harness.env.sleep(DRAIN.returnAfterMs + 2 * MINUTE);
    await Promise.all(out.map((node) => node.until(({ phase }) => phase === 'ACTIVE')));
    await harness.env.sleep(2 * MINUTE);
    const after = await Promise.all(waiting.map((node) => node.settled()));
    expect(after.filter(({ phase }) => phase === 'DRAINED')).toHaveLength(2);
    expect(budget.mostAtOnce).toBe(2);
    await Promise.all(waiting.map((node) => node.says({ disk: 'FIT' })));
  });

  test('is no longer waited for if the check passes', async () => {
    const node = await checked({ disk: DRAIN });
    node.ports.fitness.budget = new InMemoryBudget(0);
    await node.says({ disk: 'UNFIT' });
    await node.until(({ heldBack }) => heldBack !== undefined);
    await node.says({ disk: 'FIT' });
    await node.until(({ heldBack }) => heldBack === undefined);
    expect((await node.settled()).phase).toBe('ACTIVE');
  });
});

describe('what is to follow from its checks', () => {
  test('is carried to the next run, with whether the budget holds it back', async () => {
    const node = await checked({ disk: DRAIN }, { maxRunEvents: 30 });
    await node.says({ disk: 'UNFIT' });
    await node.until(({ phase }) => phase === 'DRAINED');
    await node.says({ disk: 'FIT' });
    for (let beat = 0; beat < 20; beat += 1) await node.beat();
    expect((await node.settled()).phase).toBe('DRAINED');
    await node.pass(DRAIN.returnAfterMs);
    await node.until(({ phase }) => phase === 'ACTIVE');
    node.ports.fitness.budget = new InMemoryBudget(0);
    await node.says({ disk: 'UNFIT' });
    await node.until(({ heldBack }) => heldBack !== undefined);
    for (let beat = 0; beat < 20; beat += 1) await node.beat();
    expect((await node.settled()).heldBack).toBeDefined();
    expect(told(node, 'QuarantineHeldBack')).toBe(1);
    await node.says({ disk: 'FIT' });
    await node.until(({ heldBack }) => heldBack === undefined);
  });

  test('waits while MongoDB is away', async () => {
    const node = await checked({ disk: DRAIN });
    node.ports.down = true;
    await node.says({ disk: 'UNFIT' });
    await node.pass(3 * MINUTE);
    node.ports.down = false;
    await node.pass(MINUTE);
    await node.until(({ phase }) => phase === 'DRAINED');
  });

  test('waits while the node is silent', async () => {
    const node = await checked({ disk: DRAIN }, { policy: {} });
    await node.says({ disk: 'UNFIT' });
    await node.until(({ phase }) => phase === 'DRAINED');
    await node.pass(2 * MINUTE);
    await node.until(({ liveness }) => liveness.value === 'UNHEALTHY');
    await node.says({ disk: 'FIT' });
    await node.pass(HOUR);
    expect((await node.settled()).phase).toBe('DRAINED');
    await node.beat();
    await node.until(({ phase }) => phase === 'ACTIVE');
  });

  test('costs nothing for a node without changes', async () => {
    const node = await checked({ disk: DRAIN });
    await node.keepBeating(5);
    await node.settled();
    expect(node.ports.calls('judge')).toBe(0);
  });
});
