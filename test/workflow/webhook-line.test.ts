import { expect, test } from '@jest/globals';
import type { DeliveryStep } from '../../activities/webhook-activities.js';
import { HOUR, MINUTE, SECOND, useHarness } from '../support/workflow/lifecycle-harness.js';
import { WebhookLineUnderTest } from '../support/workflow/webhook-line-under-test.js';

const harness = useHarness();

async function lived(steps: DeliveryStep[], options = {}): Promise<WebhookLineUnderTest> {
  const line = await WebhookLineUnderTest.start(harness, steps, options);
  await line.handle.result();
  await line.stop();
  return line;
}

const gaps = ({ takenAt }: WebhookLineUnderTest) => takenAt.slice(1).map((at, index) => at - (takenAt[index] ?? 0));

test('a receiver that fails for a day is tried when the record says so, and holds no slot meanwhile', async () => {
  const pauses = [5 * SECOND, 15 * SECOND, MINUTE, HOUR, 12 * HOUR, 10 * HOUR];
  const line = await lived([...pauses.map((afterMs) => ({ is: 'later', afterMs }) as const), { is: 'over' }]);
  const [last, ...waited] = gaps(line).toReversed();
  for (const [index, gap] of waited.toReversed().entries()) expect(gap).toBeGreaterThanOrEqual(pauses[index] ?? 0);
  expect(last).toBeLessThan(MINUTE);
  expect(line.takenAt).toHaveLength(pauses.length + 2);
});

test('one delivery follows the other without a pause, and the line ends when nothing is pending', async () => {
  const line = await lived([{ is: 'over' }, { is: 'over' }, { is: 'over' }]);
  expect(line.takenAt).toHaveLength(4);
  expect(Math.max(...gaps(line))).toBeLessThan(MINUTE);
});

test('a line of many attempts continues in another run', async () => {
  const steps = Array.from({ length: 12 }, () => ({ is: 'later', afterMs: MINUTE }) as const);
  const line = await lived(steps, { maxRunEvents: 20 });
  expect(line.takenAt).toHaveLength(13);
  const events = (await line.firstRun()).events ?? [];
  expect(events.length).toBeLessThan(40);
});

test('a replay does not wait for the time of an earlier attempt', async () => {
  const line = await WebhookLineUnderTest.start(harness, [{ is: 'later', afterMs: 24 * HOUR }]);
  await line.wake({ is: 'over' });
  await line.handle.result();
  await line.stop();
  expect(gaps(line).reduce((sum, gap) => sum + gap, 0)).toBeLessThan(24 * HOUR);
});
