import { expect, test } from '@jest/globals';
import { HOUR, MINUTE, SECOND, useHarness } from '../support/workflow/lifecycle-harness.js';

const harness = useHarness();

test('in a fleet too large for a look per timeout, a node whose silence is noticed is judged at once, by the evidence', async () => {
  const node = await harness.node();
  node.ports.fleet = 3_600 * node.ports.maxLivenessChecksPerSecond;
  await node.beat();
  await node.settled();
  await node.pass(40 * SECOND);
  await node.beatUnsignalled();
  // The look at the first deadline finds that heartbeat; the next look is an hour away.
  await node.pass(5 * MINUTE);
  expect(await node.settled()).toMatchObject({ liveness: { value: 'HEALTHY' } });
  await node.noticeSilence('another');
  expect(await node.settled()).toMatchObject({ liveness: { value: 'HEALTHY' } });
  await node.noticeSilence();
  expect(await node.until(({ liveness }) => liveness.value === 'UNHEALTHY')).toMatchObject({ phase: 'ACTIVE' });
  const looks = node.ports.calls('look');
  await node.pass(10 * MINUTE);
  expect(node.ports.calls('look')).toBe(looks);
  await node.noticeSilence();
  await node.until(({ liveness }) => liveness.value === 'UNKNOWN');
});

test('a node that was heard meanwhile is not blamed, and its next look is paced as before', async () => {
  const node = await harness.node();
  node.ports.fleet = 3_600 * node.ports.maxLivenessChecksPerSecond;
  await node.beat();
  await node.pass(2 * MINUTE);
  await node.until(({ liveness }) => liveness.value === 'UNHEALTHY');
  await node.beat();
  await node.settled();
  await node.pass(2 * MINUTE);
  await node.beatUnsignalled();
  await node.noticeSilence();
  await node.reached('look', 2);
  expect(await node.settled()).toMatchObject({ liveness: { value: 'HEALTHY' } });
  const looks = node.ports.calls('look');
  await node.pass(HOUR / 2);
  expect(node.ports.calls('look')).toBe(looks);
});

test('a node of a large fleet that starts is looked at when its turn comes, or when its silence is noticed', async () => {
  const [waiting, noticed] = [await harness.node({ firstLookMs: HOUR }), await harness.node({ firstLookMs: HOUR })];
  for (const node of [waiting, noticed]) {
    await node.beat();
    await node.settled();
  }
  await waiting.pass(HOUR - MINUTE);
  expect(waiting.ports.calls('look') + noticed.ports.calls('look')).toBe(0);
  await noticed.noticeSilence();
  await noticed.until(({ liveness }) => liveness.value !== 'HEALTHY');
  await waiting.pass(2 * MINUTE);
  await waiting.until(({ liveness }) => liveness.value !== 'HEALTHY');
});
