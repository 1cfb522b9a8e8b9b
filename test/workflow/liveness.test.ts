import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND, useHarness } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

const harness = useHarness();

async function healthy(): Promise<NodeUnderTest> {
  const node = await harness.node();
  await node.beat();
  expect((await node.settled()).liveness.value).toBe('HEALTHY');
  return node;
}

const livenessOf = async (node: NodeUnderTest): Promise<string> => (await node.settled()).liveness.value;

describe('liveness', () => {
  test('marks a silent node UNHEALTHY after DisconnectTimeout, UNKNOWN after UnknownTimeout more, and no sooner', async () => {
    const node = await healthy();
    await node.pass(MINUTE - 10 * SECOND);
    expect(await livenessOf(node)).toBe('HEALTHY');
    await node.pass(11 * SECOND);
    const { liveness, lastHeartbeat = 0 } = await node.settled();
    expect(liveness).toMatchObject({
      value: 'UNHEALTHY',
      by: 'system',
      reason: `last heartbeat ${new Date(lastHeartbeat).toISOString()}`,
    });
    expect(liveness.since - lastHeartbeat).toBeGreaterThanOrEqual(MINUTE);
    await node.pass(5 * MINUTE - 15 * SECOND);
    expect(await livenessOf(node)).toBe('UNHEALTHY');
    await node.pass(16 * SECOND);
    expect(await livenessOf(node)).toBe('UNKNOWN');
    expect(await node.view()).not.toHaveProperty('deadline');
    expect(node.ports.eventTypes).toEqual(['NodeHealthy', 'FirstHeartbeat', 'NodeUnhealthy', 'NodeUnknown']);
  });

  test.each([
    ['UNHEALTHY', MINUTE + SECOND],
    ['UNKNOWN', 6 * MINUTE + SECOND],
  ])('makes an %s node HEALTHY at its next heartbeat', async (value, silence) => {
    const node = await healthy();
    await node.pass(silence);
    expect(await livenessOf(node)).toBe(value);
    await node.beat();
    expect(await livenessOf(node)).toBe('HEALTHY');
    expect(node.ports.events.at(-1)).toMatchObject({ type: 'NodeHealthy', reason: 'heartbeats arrive' });
  });

  test.each([
    ['UNHEALTHY', MINUTE + SECOND],
    ['UNKNOWN', 6 * MINUTE + SECOND],
  ])('is as prompt with a node that has come back from %s and falls silent again', async (_value, silence) => {
    const node = await healthy();
    await node.pass(silence);
    await node.settled();
    await node.beat();
    await node.pass(MINUTE - 10 * SECOND);
    expect(await livenessOf(node)).toBe('HEALTHY');
    await node.pass(11 * SECOND);
    expect(await livenessOf(node)).toBe('UNHEALTHY');
  });

  test('needs one timer at a time, which heartbeats neither start nor cancel', async () => {
    const node = await healthy();
    const before = await node.eventCounts();
    for (let beat = 0; beat < 100; beat += 1) await node.beat();
    await node.settled();
    const after = await node.eventCounts();
    expect(after.timerStarted).toBe(before.timerStarted);
    expect(after.timerCanceled).toBeUndefined();
    await node.keepBeating(40);
    const { timerStarted = 0, timerCanceled } = await node.eventCounts();
    // 10 minutes of heartbeats; each timer lasts for 45 to 60 s.
    expect(timerStarted).toBeLessThanOrEqual(15);
    expect(timerCanceled).toBeUndefined();
  });

  test('needs one timer at a time after a node has come back, too', async () => {
    const node = await healthy();
    for (let blip = 0; blip < 4; blip += 1) {
      await node.pass(MINUTE + SECOND);
      expect(await livenessOf(node)).toBe('UNHEALTHY');
      await node.beat();
    }
    // The timers that waited for UNKNOWN fire, and are not followed by others.
    await node.keepBeating(24);
    const before = (await node.eventCounts()).timerStarted ?? 0;
    await node.keepBeating(40);
    expect(((await node.eventCounts()).timerStarted ?? 0) - before).toBeLessThanOrEqual(15);
  });

  test('keeps a node HEALTHY by heartbeats that were recorded without a signal', async () => {
    const node = await healthy();
    for (let beat = 0; beat < 20; beat += 1) {
      await node.pass(30 * SECOND);
      await node.beatUnsignalled();
    }
    expect(await livenessOf(node)).toBe('HEALTHY');
    expect(node.ports.calls('look')).toBeGreaterThanOrEqual(9);
    expect(node.ports.eventTypes).not.toContain('NodeUnhealthy');
  });

  test('makes a node HEALTHY by a look that finds it back, and UNKNOWN at once after a long silence', async () => {
    const node = await healthy();
    await node.pass(MINUTE + SECOND);
    expect(await livenessOf(node)).toBe('UNHEALTHY');
    await node.pass(5 * MINUTE - 20 * SECOND);
    await node.beatUnsignalled();
    await node.pass(20 * SECOND);
    expect(await node.until(({ liveness }) => liveness.value === 'HEALTHY')).toBeDefined();
    // A fleet in which each node's turn comes every two minutes.
    Object.assign(node.ports, { fleet: 120, maxLivenessChecksPerSecond: 1 });
    await node.pass(MINUTE + SECOND);
    node.ports.record((await node.now()) - SECOND, node.bootId);
    await node.pass(2 * MINUTE);
    node.ports.down = true;
    await node.pass(6 * MINUTE + 2 * SECOND);
    node.ports.down = false;
    await node.untilInTime(({ liveness }) => liveness.value === 'UNKNOWN');
    expect(node.ports.eventTypes.slice(-3)).toEqual(['NodeHealthy', 'NodeUnhealthy', 'NodeUnknown']);
  });

  test('does not count time in which no api recorded heartbeats', async () => {
    const node = await healthy();
    node.ports.blindMs = 2 * MINUTE;
    await node.pass(3 * MINUTE - 10 * SECOND);
    expect(await livenessOf(node)).toBe('HEALTHY');
    await node.pass(11 * SECOND);
    expect(await livenessOf(node)).toBe('UNHEALTHY');
    // Blind time belongs to one silence: the next heartbeat ends it.
    await node.beat();
    node.ports.blindMs = 0;
    await node.pass(MINUTE + SECOND);
    expect(await livenessOf(node)).toBe('UNHEALTHY');
  });

  test('gives no verdict without evidence, and the right one as soon as there is some', async () => {
    const node = await healthy();
    node.ports.down = true;
    await node.pass(MINUTE + 35 * SECOND);
    expect((await node.view()).liveness.value).toBe('HEALTHY');
    await node.beatUnsignalled();
    node.ports.down = false;
    await node.pass(30 * SECOND);
    expect(await livenessOf(node)).toBe('HEALTHY');
    expect(node.ports.eventTypes).not.toContain('NodeUnhealthy');
    await node.pass(MINUTE);
    expect(await livenessOf(node)).toBe('UNHEALTHY');
  });

  test('is not changed by a heartbeat that is older than one it knows', async () => {
    const node = await healthy();
    const { lastHeartbeat = 0, revision } = await node.settled();
    await node.beat({ at: lastHeartbeat - SECOND });
    await node.beat({ at: lastHeartbeat });
    expect(await node.view()).toMatchObject({ lastHeartbeat, revision });
  });

  test('is not raised by heartbeats that an outage delayed', async () => {
    const node = await healthy();
    const { lastHeartbeat = 0 } = await node.view();
    await node.pass(6 * MINUTE + SECOND);
    expect(await livenessOf(node)).toBe('UNKNOWN');
    for (const seconds of [15, 30, 45]) await node.beat({ at: lastHeartbeat + seconds * SECOND });
    expect(await livenessOf(node)).toBe('UNKNOWN');
    expect(node.ports.eventTypes.filter((type) => type === 'NodeHealthy')).toHaveLength(1);
  });

  test('follows a changed policy from the next look on', async () => {
    const node = await healthy();
    node.ports.livenessPolicy = { disconnectTimeoutMs: 10 * MINUTE, unknownTimeoutMs: MINUTE, removeAfterMs: 0 };
    await node.pass(9 * MINUTE);
    expect(await livenessOf(node)).toBe('HEALTHY');
    await node.pass(MINUTE + SECOND);
    expect(await livenessOf(node)).toBe('UNHEALTHY');
    await node.pass(MINUTE + SECOND);
    expect(await livenessOf(node)).toBe('UNKNOWN');
  });

  test('has a longer timeout for a node with a longer interval', async () => {
    const node = await healthy();
    // A third as often as the configured 15 s.
    node.ports.toldIntervalMs = 45 * SECOND;
    for (let beat = 0; beat < 4; beat += 1) {
      await node.pass(100 * SECOND);
      expect(await livenessOf(node)).toBe('HEALTHY');
      await node.beatUnsignalled();
    }
    await node.pass(3 * MINUTE - 10 * SECOND);
    expect(await livenessOf(node)).toBe('HEALTHY');
    await node.pass(11 * SECOND);
    expect(await livenessOf(node)).toBe('UNHEALTHY');
    await node.pass(5 * MINUTE + SECOND);
    expect(await livenessOf(node)).toBe('UNKNOWN');
    // With the usual interval again, it has the usual timeout from the next look on.
    node.ports.toldIntervalMs = undefined;
    await node.beat();
    await node.pass(3 * MINUTE + SECOND);
    expect(await livenessOf(node)).toBe('UNHEALTHY');
    await node.beat();
    await node.pass(MINUTE + SECOND);
    expect(await livenessOf(node)).toBe('UNHEALTHY');
  });

  test("looks no more often than the whole fleet's budget allows", async () => {
    const node = await healthy();
    // 6,000 nodes at 20 looks a second: one node is looked at every five minutes.
    node.ports.fleet = 6_000;
    node.ports.maxLivenessChecksPerSecond = 20;
    for (let beat = 0; beat < 60; beat += 1) {
      await node.pass(30 * SECOND);
      await node.beatUnsignalled();
    }
    expect(await livenessOf(node)).toBe('HEALTHY');
    expect(node.ports.calls('look')).toBeLessThanOrEqual(7);
  });

  test("waits for the deadline by the record's clock if that is behind", async () => {
    const node = await healthy();
    node.ports.clockSkewMs = -40 * SECOND;
    await node.pass(MINUTE + 30 * SECOND);
    expect(await livenessOf(node)).toBe('HEALTHY');
    expect(node.ports.calls('look')).toBeLessThanOrEqual(2);
    await node.pass(12 * SECOND);
    expect(await livenessOf(node)).toBe('UNHEALTHY');
  });
});
