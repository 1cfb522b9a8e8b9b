import { expect, test } from '@jest/globals';
import { createApiToken, listApiTokens, listJoinTokens } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { NARROW, useBrowser } from '../support/browser/browser.js';
import { useCluster, useViewer } from '../support/cluster/use-cluster.js';

const cluster = useCluster(['node-1']);
const viewer = useViewer(cluster);
const browser = useBrowser();

const open = (path: string, token?: string, options?: Parameters<typeof browser.open>[3]) =>
  browser.open(cluster, path, token, options);

test('a join token is created, shown once with install instructions, used by a node, and revoked', async () => {
  const tab = await open('/join-tokens');
  const { page } = tab;
  await page.getByRole('button', { name: 'Create a join token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Description').fill('autoscaler');
  await dialog.getByLabel('Uses').fill('0');
  await dialog.getByRole('button', { name: 'Create token' }).click();
  await dialog.getByText('Enter a number from 1 to 1,000,000.').waitFor();
  await dialog.getByLabel('Uses').fill('10');
  await dialog.getByLabel('Expires after').fill('7d');
  await dialog.getByLabel('Names').fill('pool-a-*');
  await dialog.getByLabel('Labels').fill('pool=a');
  await dialog.getByLabel('Remove after').fill('1h');
  await tab.expectAccessible();
  await dialog.getByRole('button', { name: 'Create token' }).click();
  await dialog.getByText('It admits 10 nodes').waitFor();
  const token = await dialog.getByRole('region', { name: 'Text to copy: the token' }).innerText();
  await dialog.getByRole('tab', { name: 'Command' }).click();
  await dialog.getByText(`sh -s -- --token ${token}`).waitFor();
  await tab.expectAccessible();
  await tab.screenshot('join-token-shown');
  await page.keyboard.press('Escape');
  await dialog.getByText('revoke it and create another').waitFor();
  await dialog.getByLabel('I have copied the token').check();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'detached' });

  const { data } = await listJoinTokens({ client: cluster.admin, throwOnError: true });
  expect(data.items.find(({ description }) => description === 'autoscaler')).toMatchObject({
    ...{ maxUses: 10, namePattern: 'pool-a-*', removeAfter: '1h', uses: 0, revoked: false },
  });
  await page.getByRole('link', { name: 'autoscaler' }).click();
  await page.getByText('No node has joined with it.').waitFor();
  await tab.expectAccessible();
  await tab.screenshot('join-token');
  await page.getByRole('button', { name: 'Revoke' }).click();
  await dialog.getByText('It admits no further nodes.').waitFor();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Revoked', { exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Revoke' }).getAttribute('aria-disabled')).toBe('true');
  tab.expectQuiet();
  await tab.close();
});

test("an api token is created and revoked, and the last administrator's cannot be", async () => {
  const tab = await open('/access');
  const { page } = tab;
  await page.getByText('makes tokens, updates agents and sees the settings too').first().waitFor();
  await page.getByRole('button', { name: 'Create an API token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('ci bot');
  await dialog.getByRole('button', { name: 'Create token' }).click();
  await dialog.getByText('1 to 63 letters').waitFor();
  await dialog.getByLabel('Name').fill('ci-bot');
  await dialog.getByRole('radio', { name: 'operator' }).check();
  await tab.expectAccessible();
  await dialog.getByRole('button', { name: 'Create token' }).click();
  await dialog.getByText('acts as ci-bot, with the role operator').waitFor();
  await dialog.getByLabel('I have copied the token').check();
  await dialog.getByRole('button', { name: 'Done' }).click();
  const { data } = await listApiTokens({ client: cluster.admin, throwOnError: true });
  const bot = data.items.find(({ name }) => name === 'ci-bot');
  const admin = data.items.find(({ name }) => name === 'admin');
  expect(bot).toMatchObject({ role: 'operator', revoked: false });
  await tab.screenshot('access', { wholePage: true });

  await page.locator(`tr[data-row="${bot?.id}"]`).getByRole('button', { name: 'Rotate' }).click();
  await dialog.getByLabel('Old secret works for').fill('soon');
  await dialog.getByRole('button', { name: 'Rotate token' }).click();
  await dialog.getByText('Write it as 0s, 12h or 7d.').waitFor();
  await dialog.getByLabel('Old secret works for').fill('7d');
  await tab.expectAccessible();
  await dialog.getByRole('button', { name: 'Rotate token' }).click();
  const rotated = await dialog.getByRole('region', { name: 'Text to copy: the token' }).innerText();
  expect(rotated).toMatch(new RegExp(`^rca_${bot?.id}_`));
  await dialog.getByLabel('I have copied the token').check();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.locator(`tr[data-row="${bot?.id}"]`).getByText('old secret in').waitFor();
  await tab.screenshot('access-rotated');

  const revoke = (id = '') => page.locator(`tr[data-row="${id}"]`).getByRole('button', { name: 'Revoke' });
  await revoke(admin?.id).click();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await dialog.getByText('Could not revoke the token admin').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await revoke(bot?.id).click();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await page.locator(`tr[data-row="${bot?.id}"]`).getByText('Revoked', { exact: true }).waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('a viewer sees who they are, and why they may not see tokens', async () => {
  const tab = await open('/access', viewer.token, { viewport: NARROW, colorScheme: 'dark' });
  await tab.page.getByText('sees the cluster, and changes nothing').first().waitFor();
  await tab.page.getByText('Your role is viewer: this takes an admin.').first().waitFor();
  await tab.expectAccessible();
  await tab.expectNoSideways();
  await tab.screenshot('access-viewer');
  await tab.page.goto('/join-tokens');
  await tab.page.getByText('You may not see join tokens').waitFor();
  expect(await tab.page.getByRole('navigation', { name: 'Main' }).getByText('Join tokens').count()).toBe(0);
  tab.expectQuiet();
  await tab.close();
});

test('settings can be searched and compared with their defaults, by administrators only', async () => {
  const tab = await open('/settings');
  const { page } = tab;
  const row = (key: string) => page.locator(`tr[data-row="${key}"]`);
  await row('Orchestrator.NodeManager.DisconnectTimeout').getByText('by default 1m').waitFor();
  await row('Orchestrator.MongoDB.URI').getByText('not shown').waitFor();
  await tab.expectAccessible();
  await tab.screenshot('settings');
  await page.getByLabel('Search the settings').fill('nodemanager.disconnecttimeout');
  await eventually(async () => expect(await page.locator('tr[data-row]').count()).toBe(1));
  await page.reload();
  await row('Orchestrator.NodeManager.DisconnectTimeout').waitFor();
  expect(await page.locator('tr[data-row]').count()).toBe(1);
  tab.expectQuiet();
  await tab.close();

  const { data } = await createApiToken({
    client: cluster.admin,
    throwOnError: true,
    body: { name: 'driver', role: 'operator' },
  });
  const operator = await open('/settings', data.token);
  await operator.page.getByText('Your role is operator: this takes an admin.').first().waitFor();
  expect(await operator.page.getByRole('navigation', { name: 'Main' }).getByText('Settings').count()).toBe(0);
  await operator.close();
});

test('a page of older items survives a reload', async () => {
  for (let made = 0; made < 55; made++)
    await createApiToken({ client: cluster.admin, throwOnError: true, body: { name: `bot-${made}`, role: 'viewer' } });
  const tab = await open('/access');
  const { page } = tab;
  await page.getByRole('button', { name: 'Older' }).click();
  await page.getByText('51 to').waitFor();
  await eventually(async () => expect(await page.locator('tr[data-row]').count()).toBeLessThan(50));
  await page.reload();
  await page.getByText('51 to').waitFor();
  await page.getByRole('button', { name: 'Newer' }).click();
  await eventually(async () => expect(await page.locator('tr[data-row]').count()).toBe(50));
  tab.expectQuiet();
  await tab.close();
});

test("the navigation leads to each page, and the tab's title has the number of lost nodes", async () => {
  const tab = await open('/nodes');
  const { page } = tab;
  const links = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
  const labels = (await links.allInnerTexts()).filter((label) => label !== 'The API');
  expect(labels).toEqual(
    expect.arrayContaining(['Drains', 'Agent updates', 'Join tokens', 'Access', 'Audit', 'Settings']),
  );
  for (const label of labels) {
    await page.getByRole('link', { name: label, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: label }).waitFor();
    expect(await page.title()).toBe(`${label} · Rollcall`);
  }
  expect(await page.locator('link[rel="icon"]').getAttribute('href')).toBe('/favicon.svg');
  await cluster.agents.get('node-1')?.kill();
  await eventually(async () => expect(await page.title()).toMatch(/^\(1 lost\) \w/));
  expect(await page.locator('link[rel="icon"]').getAttribute('href')).toBe('/favicon-lost.svg');
  tab.expectQuiet();
  await tab.close();
});
