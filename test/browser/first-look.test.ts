import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FaultCluster } from '../support/cluster/fault-cluster.js';
import { Browser } from '../support/browser/browser.js';

let cluster: FaultCluster;
let browser: Browser;

beforeAll(async () => {
  [cluster, browser] = await Promise.all([FaultCluster.start(['node-1']), Browser.launch()]);
});
afterAll(async () => {
  await browser?.close();
  await cluster?.end();
});

test('the page comes from the api, keeps to its policy, and lets an administrator in', async () => {
  const tab = await browser.newTab(cluster.url);
  await tab.page.goto('/');
  await tab.expectAccessible();
  await tab.screenshot('sign-in');
  await tab.signIn(cluster.adminToken);
  await tab.page.getByRole('heading', { level: 1 }).waitFor();
  await tab.screenshot('first');
  await tab.expectAccessible();
  await tab.expectNoSideways();
  tab.expectQuiet();
  expect(await tab.page.title()).toContain('Rollcall');
});
