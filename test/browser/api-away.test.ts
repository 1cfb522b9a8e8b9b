import { expect, test } from '@jest/globals';
import { useBrowser, useTab } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';

const cluster = useCluster(['node-1']);
const browser = useBrowser();
const tab = useTab(browser, cluster, '/nodes');

const banner = () => tab.page.locator('[data-banner="lost"]');
const row = () => tab.page.locator('tr[data-node="node-1"]');

test('an api that is away: a banner says since when the data is old, nothing pretends to be live, and what was there stays in sight', async () => {
  await row().waitFor();
  expect(await banner().count()).toBe(0);
  await cluster.api.kill();
  await banner().waitFor();
  expect(await banner().innerText()).toMatch(/What you see is from \d{1,2}:\d{2}.* ago, and may have changed since/s);
  expect(await tab.page.getByRole('alert').first().innerText()).toMatch(/cannot be reached/);
  expect(await tab.page.evaluate('document.documentElement.hasAttribute("data-stale")')).toBe(true);
  expect(
    await tab.page.evaluate(`getComputedStyle(document.querySelector('tr[data-node="node-1"] .live')).filter`),
  ).toBe('grayscale(1)');
  expect(await row().innerText()).toContain('node-1');
  await tab.screenshot('api-away');
  await tab.expectAccessible();
});

test('who asks again meanwhile is told the same', async () => {
  await tab.page.getByRole('button', { name: 'Try again' }).click();
  await banner().waitFor();
  expect(await banner().innerText()).toMatch(/ago/);
});

test('when the api is back the page is live by itself, without a reload and without signing in again', async () => {
  await tab.page.evaluate('window.sameDocument = true');
  await cluster.api.start();
  await cluster.ready();
  await banner().waitFor({ state: 'detached', timeout: 30_000 });
  expect(await tab.page.evaluate('window.sameDocument')).toBe(true);
  expect(await tab.page.evaluate('document.documentElement.hasAttribute("data-stale")')).toBe(false);
  await tab.page.getByRole('heading', { level: 1, name: 'Compute Nodes' }).waitFor();
  await row().waitFor();
});

test('a link to a node leads there, as if nothing had been', async () => {
  await tab.page.goto('/nodes/node-1');
  await tab.page.getByRole('heading', { level: 1 }).filter({ hasText: 'node-1' }).waitFor();
  tab.expectQuiet();
});
