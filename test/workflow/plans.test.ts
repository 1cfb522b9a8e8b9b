import { describe, expect, test } from '@jest/globals';
import { USUAL_RULE } from '../../contract/quarantine.js';
import { DAY, HOUR, MINUTE, SECOND, useHarness, type NodeOptions } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

const harness = useHarness();

/** An ACTIVE node that may be silent for months, so that only plans matter. */
async function active(options: NodeOptions = {}): Promise<NodeUnderTest> {
  const node = await harness.node({ policy: { disconnectTimeoutMs: 300 * DAY }, ...options });
  await node.beat();
  expect((await node.settled()).phase).toBe('ACTIVE');
  return node;
}

/** Ada plans a deactivate, with beginning and end relative to now. */
async function plan(node: NodeUnderTest, atMs: number, untilMs?: number, patienceMs?: number): Promise<void> {
  const now = await node.now();
  await node.decide('plan', {
    ...{ by: 'ada', reason: 'new disks', plannedAt: now + atMs, patienceMs, onDeadline: 'terminate' },
    until: untilMs === undefined ? undefined : now + untilMs,
  });
}

describe('a planned deactivate', () => {
  test("begins and ends by itself, in its author's name", async () => {
    const node = await active();
    await plan(node, 3 * DAY, 3 * DAY + 4 * HOUR);
    await node.pass(3 * DAY - MINUTE);
    expect(await node.settled()).toMatchObject({ phase: 'ACTIVE', planned: { by: 'ada', reason: 'new disks' } });
    await node.pass(2 * MINUTE);
    const out = await node.until(({ phase }) => phase === 'DRAINED');
    expect(out).toMatchObject({ availability: { by: 'ada', reason: 'new disks' }, seq: 3 });
    expect(out.planned).toBeUndefined();
    await node.pass(4 * HOUR - 2 * MINUTE);
    expect((await node.settled()).phase).toBe('DRAINED');
    await node.pass(2 * MINUTE);
    expect(await node.until(({ phase }) => phase === 'ACTIVE')).toMatchObject({
      availability: { by: 'system' },
      seq: 4,
    });
    await node.pass(30 * DAY);
    expect((await node.settled()).seq).toBe(4);
  });

  test('without an end stays until somebody activates the node', async () => {
    const node = await active();
    await plan(node, HOUR);
    await node.pass(HOUR + SECOND);
    await node.until(({ phase }) => phase === 'DRAINED');
    await node.pass(30 * DAY);
    expect((await node.settled()).phase).toBe('DRAINED');
  });

  test('gives running sessions its deadline, from its beginning', async () => {
    const node = await active();
    await node.report(['s1']);
    await plan(node, HOUR, undefined, 10 * MINUTE);
    await node.pass(HOUR + 9 * MINUTE);
    expect(await node.until(({ phase }) => phase === 'DRAINING')).toMatchObject({ activeSessions: 1 });
    expect(node.ports.terminations).toEqual([]);
    await node.pass(2 * MINUTE);
    await node.until(({ drain }) => drain?.terminating === true);
  });

  test('replaces an earlier one, whether it is later or sooner', async () => {
    const node = await active();
    await plan(node, 2 * HOUR);
    await plan(node, 5 * HOUR);
    await node.pass(3 * HOUR);
    expect((await node.settled()).phase).toBe('ACTIVE');
    await plan(node, HOUR);
    await node.pass(HOUR + SECOND);
    await node.until(({ phase }) => phase === 'DRAINED');
  });

  test('begins while its node is silent', async () => {
    const node = await active({ policy: {} });
    await plan(node, DAY);
    await node.pass(DAY + SECOND);
    expect(await node.until(({ phase }) => phase === 'DRAINED')).toMatchObject({ liveness: { value: 'UNKNOWN' } });
  });

  test('whose end has passed before it could begin lapses', async () => {
    const node = await active();
    await plan(node, HOUR, 2 * HOUR);
    // Time stands still while a task waits for a worker, so the record's clock is ahead instead.
    node.ports.plans.clockSkewMs = 2 * HOUR;
    await node.pass(HOUR);
    expect(await node.until(({ planned }) => planned === undefined)).toMatchObject({ phase: 'ACTIVE', seq: 3 });
    expect(node.ports.phases).not.toContain('DRAINING');
  });

  test('waits while MongoDB is away', async () => {
    const node = await active();
    await plan(node, HOUR);
    node.ports.down = true;
    await node.pass(HOUR + 3 * MINUTE);
    node.ports.down = false;
    await node.pass(MINUTE);
    await node.until(({ phase }) => phase === 'DRAINED');
  });

  test('is carried to the next run', async () => {
    const node = await active({ maxRunEvents: 30 });
    await plan(node, DAY, 2 * DAY);
    for (let beat = 0; beat < 20; beat += 1) await node.beat();
    expect((await node.settled()).phase).toBe('ACTIVE');
    await node.pass(DAY);
    await node.until(({ phase }) => phase === 'DRAINED');
    for (let beat = 0; beat < 20; beat += 1) await node.beat();
    await node.pass(DAY);
    await node.until(({ phase }) => phase === 'ACTIVE');
  });

  test('is kept by a workflow that starts from the record with it', async () => {
    const node = await harness.node({ decided: 'plan' });
    expect(await node.until(({ phase }) => phase === 'DRAINED')).toMatchObject({ availability: { by: 'admin' } });
  });

  test('follows the clock of the record, whichever is ahead', async () => {
    const node = await active();
    node.ports.plans.clockSkewMs = -30 * SECOND;
    await plan(node, HOUR);
    await node.pass(HOUR);
    expect((await node.settled()).phase).toBe('ACTIVE');
    await node.pass(31 * SECOND);
    await node.until(({ phase }) => phase === 'DRAINED');
  });

  test('is shown in the Web UI', async () => {
    const node = await active();
    await plan(node, HOUR, 2 * HOUR);
    await node.settled();
    expect(await node.currentDetails()).toMatch(/planned: deactivate at \S+ until \S+ by ada \(new disks\)/);
    await node.pass(HOUR);
    await node.until(({ phase }) => phase === 'DRAINED');
    expect(await node.currentDetails()).toMatch(/back in service at/);
  });
});

describe("a person's later decision", () => {
  test.each(['activate', 'deactivate', 'decommission', 'reject'] as const)('cancels the plan: %s', async (action) => {
    const node = await active();
    await node.report(['s1']);
    await plan(node, HOUR, 2 * HOUR);
    await node.decide(action, { by: 'bo' });
    const { phase, seq } = await node.until(({ planned }) => planned === undefined);
    await node.pass(3 * HOUR);
    expect(await node.settled()).toMatchObject({ phase, seq });
  });

  test.each(['activate', 'reject', 'decommission'] as const)('ends the end that was said: %s', async (action) => {
    const node = await active();
    await node.report(['s1']);
    await node.decide('deactivate', { by: 'ada', until: (await node.now()) + HOUR });
    await node.until(({ phase }) => phase === 'DRAINING');
    await node.decide(action, { by: 'bo' });
    const { phase, seq } = await node.until(({ seq: applied }) => applied === 3);
    await node.pass(2 * HOUR);
    expect(await node.settled()).toMatchObject({ phase, seq });
  });

  test('to deactivate without an end leaves the node out, and does not drain it again', async () => {
    const node = await active();
    await node.decide('deactivate', { by: 'ada', until: (await node.now()) + HOUR });
    await node.until(({ phase }) => phase === 'DRAINED');
    await node.decide('deactivate', { by: 'bo', reason: 'worse than thought' });
    await node.until(({ availability }) => availability.by === 'bo');
    await node.pass(2 * HOUR);
    expect(await node.settled()).toMatchObject({ phase: 'DRAINED', drainedSeq: 2 });
    expect(node.ports.eventTypes.filter((type) => type === 'NodeDrained')).toHaveLength(1);
  });

  test('moves the end', async () => {
    const node = await active();
    await node.decide('deactivate', { until: (await node.now()) + HOUR });
    await node.until(({ phase }) => phase === 'DRAINED');
    await node.decide('deactivate', { until: (await node.now()) + 3 * HOUR });
    await node.pass(2 * HOUR);
    expect((await node.settled()).phase).toBe('DRAINED');
    await node.pass(HOUR + SECOND);
    await node.until(({ phase }) => phase === 'ACTIVE');
  });

  test('wins over a beginning that is under way', async () => {
    const node = await active();
    await plan(node, HOUR);
    const release = node.ports.hold('keep');
    await node.pass(HOUR);
    await node.reached('keep');
    await node.decide('activate', { by: 'bo' });
    release();
    expect(await node.until(({ seq }) => seq === 3)).toMatchObject({ phase: 'ACTIVE' });
  });

  test('wins over an end that is under way', async () => {
    const node = await active();
    await node.decide('deactivate', { until: (await node.now()) + HOUR });
    const release = node.ports.hold('keep');
    await node.pass(HOUR);
    await node.reached('keep');
    await node.decide('deactivate', { by: 'bo', until: (await node.now()) + DAY });
    release();
    await node.until(({ availability }) => availability.by === 'bo');
    await node.pass(HOUR);
    expect((await node.settled()).phase).toBe('DRAINED');
  });

  test('removes a node for good', async () => {
    const node = await active();
    await plan(node, HOUR);
    await node.decide('remove', { by: 'bo', reason: 'sold' });
    expect((await node.outcome()).by).toBe('bo');
  });
});

describe("beside checks and the node's own decisions", () => {
  test('a planned deactivate takes over a quarantine, and the check takes the node out again if it still fails', async () => {
    const node = await active();
    node.ports.fitness.rules = new Map([['disk', { ...USUAL_RULE, policy: 'drain' as const }]]);
    await plan(node, HOUR, 2 * HOUR);
    await node.says({ disk: 'UNFIT' });
    await node.until(({ availability }) => availability.by === 'check:disk');
    await node.pass(HOUR);
    await node.until(({ availability }) => availability.by === 'ada');
    await node.says({ disk: 'FIT' });
    await node.pass(30 * MINUTE);
    expect((await node.settled()).availability.by).toBe('ada');
    await node.says({ disk: 'UNFIT' });
    await node.pass(30 * MINUTE);
    await node.until(({ seq }) => seq >= 5);
    await node.tellConditions();
    await node.until(({ availability }) => availability.by === 'check:disk');
  });

  test("the end of a person's deactivation never brings back what a check took out", async () => {
    const node = await active();
    node.ports.fitness.rules = new Map([['disk', { ...USUAL_RULE, policy: 'drain' as const }]]);
    await node.decide('deactivate', { until: (await node.now()) + HOUR });
    await node.decide('activate', { by: 'bo' });
    await node.says({ disk: 'UNFIT' });
    await node.until(({ availability }) => availability.by === 'check:disk');
    await node.pass(2 * HOUR);
    expect((await node.settled()).phase).toBe('DRAINED');
  });

  test('it waits while a set, which has no plans, has the node out', async () => {
    const node = await active();
    await plan(node, HOUR);
    await node.decide('deactivate', { by: 'bo', keepsPlan: true });
    await node.pass(2 * HOUR);
    expect(await node.until(({ phase }) => phase === 'DRAINED')).toMatchObject({ availability: { by: 'bo' } });
    await node.decide('activate', { by: 'bo', keepsPlan: true });
    await node.until(({ availability }) => availability.by === 'ada');
  });
});

test('a node without a plan costs nothing more', async () => {
  const node = await active();
  await node.decide('deactivate');
  await node.pass(DAY);
  await node.settled();
  expect(node.ports.calls('keep')).toBe(0);
});
