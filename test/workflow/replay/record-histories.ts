import { afterAll, beforeAll, test } from '@jest/globals';
import { LifecycleHarness } from '../../support/workflow/lifecycle-harness.js';
import { writeHistory } from './history-files.js';
import { AGENT_UPDATE_SCENARIOS, DRAIN_SET_SCENARIOS, REAL_SERVER_DRAIN_SET_SCENARIOS } from './drain-set-scenarios.js';
import { REAL_SERVER_SCENARIOS, SCENARIOS } from './scenarios.js';
import { WEBHOOK_SCENARIOS } from './webhook-scenarios.js';
import { WINDOW_SCENARIOS } from './window-scenarios.js';

// `npm run record-histories`, at a release, or when an incompatible change of the workflow before its first release is
// intended. A change that makes an earlier release's history fail needs Temporal's patched() instead.

let harness: LifecycleHarness;
let real: LifecycleHarness;
beforeAll(async () => {
  harness = await LifecycleHarness.start();
  real = await LifecycleHarness.start({ realServer: true });
});
afterAll(async () => {
  await harness?.stop();
  await real?.stop();
});

test.each(Object.entries(SCENARIOS))('records %s', async (name, live) => {
  const node = await live(harness);
  await writeHistory(name, await node.firstRun());
});

test.each(Object.entries({ ...DRAIN_SET_SCENARIOS, ...AGENT_UPDATE_SCENARIOS }))('records %s', async (name, live) => {
  const set = await live(harness);
  await writeHistory(name, await set.firstRun());
  await set.stop();
});

test.each(Object.entries(WEBHOOK_SCENARIOS))('records %s', async (name, live) => {
  const line = await live(harness);
  await writeHistory(name, await line.firstRun());
  await line.stop();
});

test.each(Object.entries(WINDOW_SCENARIOS))('records %s', async (name, live) => {
  const window = await live(harness);
  await writeHistory(name, await window.handle.fetchHistory());
  await window.stop();
});

test.each(Object.entries({ ...REAL_SERVER_SCENARIOS, ...REAL_SERVER_DRAIN_SET_SCENARIOS }))(
  'records %s',
  async (name, live) => {
    await writeHistory(name, await live(real));
  },
);
