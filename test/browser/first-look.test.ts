import { expect, test } from '@jest/globals';
import { useBrowser } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';

const cluster = useCluster(['node-1']);
const browser = useBrowser();

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
