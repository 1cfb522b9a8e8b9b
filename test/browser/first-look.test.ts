import { expect, test } from '@jest/globals';
import { useBrowser } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';

const cluster = useCluster(['node-1']);
const browser = useBrowser();

test('the page comes from the api, complies with its policy, and lets an administrator in', async () => {
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

test("the API's page shows an operation with its example and codes, and complies with its policy", async () => {
  const tab = await browser.newTab(cluster.url);
  const asked: string[] = [];
  tab.page.on('request', (request) => asked.push(new URL(request.url()).origin));
  await tab.page.goto('/docs#/nodes/approveNode');
  const operation = tab.page.locator('#operations-nodes-approveNode');
  await operation.getByText('Approve a node').waitFor();
  await operation.getByText('"new disks"').first().waitFor();
  await operation.getByText('NODE_ALREADY_APPROVED: The node is approved already').waitFor();
  tab.expectQuiet();
  expect(new Set(asked.filter((origin) => origin !== 'null'))).toEqual(new Set([new URL(cluster.url).origin]));
});
