import { afterEach, expect, test } from '@jest/globals';
import { HOUR, useHarness } from '../support/workflow/lifecycle-harness.js';
import { WindowUnderTest } from '../support/workflow/window-under-test.js';

const harness = useHarness();
let window: WindowUnderTest;
afterEach(() => window.stop());

test('an opening runs for as long as the window is open, and records that', async () => {
  window = await WindowUnderTest.start(harness, ({ at }) => ({ is: 'open', until: at + 2 * HOUR }));
  expect(await window.handle.result()).toEqual({ is: 'open', until: window.at + 2 * HOUR });
  expect(window.asked).toEqual([{ name: 'night', at: window.at }]);
  expect(await harness.env.currentTimeMs()).toBeGreaterThanOrEqual(window.at + 2 * HOUR);
});

test('an opening of a deleted window ends at once', async () => {
  window = await WindowUnderTest.start(harness, () => ({ is: 'closed', why: 'it was deleted' }));
  expect(await window.handle.result()).toEqual({ is: 'closed', why: 'it was deleted' });
  const { events = [] } = await window.handle.fetchHistory();
  expect(events?.filter((event) => event.timerStartedEventAttributes)).toEqual([]);
});

test('cancelling it in the Web UI closes nothing', async () => {
  window = await WindowUnderTest.start(harness, ({ at }) => ({ is: 'open', until: at + HOUR }));
  await window.handle.cancel();
  expect(await window.handle.result()).toMatchObject({ is: 'open' });
});
