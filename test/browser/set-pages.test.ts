import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { editNode, getDrain, listDrains, openSession } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { NARROW, useBrowser } from '../support/browser/browser.js';
import { PATIENT_WITH_NODES } from '../support/cluster/cluster-configuration.js';
import { insertSessions } from '../support/browser/inserted-sessions.js';
import { useCluster, useViewer } from '../support/cluster/use-cluster.js';
import { ENDLESS } from '../support/agent/duckdb-queries.js';

const cluster = useCluster(['node-1', 'node-2', 'node-3'], PATIENT_WITH_NODES, { agentLabels: { pool: 'a' } });
const browser = useBrowser();
const looker = useViewer(cluster);

const open = (path: string, token?: string, options?: Parameters<typeof browser.open>[3]) =>
  browser.open(cluster, path, token, options);

async function latest() {
  const { data } = await listDrains({ client: cluster.admin, throwOnError: true });
  const [set] = data.items;
  if (!set) throw new Error('there is no drain');
  return set;
}

async function stateOf(id: string) {
  return (await getDrain({ client: cluster.admin, throwOnError: true, path: { id } })).data.state;
}

test('a drain of a set is started by labels, shows what it waits for, is paused, resumed and cancelled', async () => {
  const { data: session } = await eventually(() =>
    openSession({
      client: cluster.admin,
      throwOnError: true,
      body: { principal: 'carol', sql: ENDLESS, resources: { cpu: 0.05, memory: 64 * 1_024 ** 2, disk: 0 } },
    }),
  );
  const tab = await open('/drains');
  const { page } = tab;
  await page.getByText('No drains').waitFor();
  await tab.expectAccessible();

  await page.getByRole('button', { name: 'Start a drain' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Start a drain' }).click();
  await dialog.getByText('Enter at least one label').waitFor();
  await dialog.getByLabel('Labels').fill('pool=b');
  await dialog.getByLabel('Labels').press('Enter');
  await dialog.getByText('No compute node has these labels now.').waitFor();
  await dialog.getByRole('button', { name: 'Start a drain' }).click();
  await dialog.getByText('no compute node has the labels pool=b').waitFor();
  await dialog.getByLabel('Labels').press('Backspace');
  await dialog.getByLabel('Labels').fill('pool=a');
  await dialog.getByLabel('Labels').press('Enter');
  await dialog.getByText('3 compute nodes now.').waitFor();
  await dialog.getByLabel('Unavailable at once').fill('lots');
  await dialog.getByRole('button', { name: 'Start a drain' }).click();
  await dialog.getByText('Enter a number from 1 to 100').waitFor();
  await dialog.getByLabel('Unavailable at once').fill('100%');
  await dialog.getByLabel('Deadline', { exact: true }).fill('1h');
  await dialog.getByLabel('Reason').fill('new kernel');
  await tab.expectAccessible();
  await tab.screenshot('drain-dialog');
  await dialog.getByRole('button', { name: 'Start a drain' }).click();

  await page.getByRole('heading', { name: 'Drain of pool=a' }).waitFor();
  const { id } = await latest();
  expect(new URL(page.url()).pathname).toBe(`/drains/${id}`);
  await page.getByText('2 of 3 nodes').waitFor();
  const blockers = page.locator(`[data-blockers="${session.node}"]`);
  await blockers.getByText('1 session left').waitFor();
  await blockers.getByRole('button', { name: /^Show sessions/ }).click();
  await blockers.getByText('carol').waitFor();
  await blockers.getByRole('link', { name: 'View or terminate sessions' }).waitFor();
  await tab.expectAccessible();
  await tab.screenshot('drain', { wholePage: true });

  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByText('is paused').waitFor();
  await eventually(async () => expect(await stateOf(id)).toBe('PAUSED'));
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await page.getByText(/^The drain \S+ goes on/).waitFor();
  await eventually(async () => expect(await stateOf(id)).toBe('RUNNING'));

  await page.getByText('Under way', { exact: true }).click();
  await eventually(async () => expect(await page.locator('tr[data-row]').count()).toBe(1));
  expect(page.url()).toContain('show=underWay');
  await page.reload();
  await eventually(async () => expect(await page.locator('tr[data-row]').count()).toBe(1));

  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('dialog').getByText('activated again').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the drain' }).click();
  await page.getByText('is being cancelled').first().waitFor();
  await eventually(async () => expect(await stateOf(id)).toBe('CANCELLED'));
  await page.getByText('Cancelled', { exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Cancel', exact: true }).getAttribute('aria-disabled')).toBe('true');

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Drains' }).click();
  await page.locator(`tr[data-row="${id}"]`).getByText('Cancelled').waitFor();
  await page.getByText('new kernel').waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('a viewer sees drains and updates, and why neither can be started; an update that the api refuses says why', async () => {
  const viewer = await open('/drains', looker.token, { viewport: NARROW, colorScheme: 'dark' });
  await viewer.page.getByText('new kernel').waitFor();
  const start = viewer.page.getByRole('button', { name: /^Start a drain/ });
  expect(await start.getAttribute('aria-disabled')).toBe('true');
  await start.focus();
  await viewer.page.getByText('Your role is viewer: this takes an operator.').first().waitFor();
  await viewer.expectNoSideways();
  await viewer.expectAccessible();
  await viewer.page.goto('/agent-updates');
  await viewer.page.getByText('No agent updates').waitFor();
  expect(await viewer.page.getByRole('button', { name: /^Start an update/ }).getAttribute('aria-disabled')).toBe(
    'true',
  );
  viewer.expectQuiet();
  await viewer.close();

  const tab = await open('/agent-updates');
  await tab.page.getByRole('button', { name: 'Start an update' }).click();
  const dialog = tab.page.getByRole('dialog');
  await dialog.getByLabel('Labels').fill('pool=a');
  await dialog.getByLabel('Labels').press('Enter');
  await dialog.getByLabel('Version', { exact: true }).fill('9.9');
  await dialog.getByRole('button', { name: 'Start an update' }).click();
  await dialog.getByText('Enter a version, such as 1.2.3.').waitFor();
  await dialog.getByLabel('Version', { exact: true }).fill('9.9.9');
  await dialog.getByRole('button', { name: 'Start an update' }).click();
  await dialog.getByRole('alert').getByText('Could not start the agent update').waitFor();
  await tab.expectAccessible();
  await tab.close();
});

test('a missing drain, and an unreachable api, are reported in place of the content', async () => {
  const tab = await open('/drains/nosuchdrain');
  await tab.page.getByText('There is no drain nosuchdrain').waitFor();
  await tab.page.route('**/v1/drains?*', (route) => route.abort());
  await tab.page.getByRole('link', { name: 'Drains' }).first().click();
  await tab.page.getByText('The drains could not be loaded').waitFor();
  await tab.page.unroute('**/v1/drains?*');
  await tab.page.getByRole('main').getByRole('alert').getByRole('button', { name: 'Try again' }).click();
  await tab.page.getByText('new kernel').waitFor();
  await tab.close();
});

test('the audit is filtered by who, what, node and time, keeps that in its address, follows events and is exported', async () => {
  const tab = await open('/audit');
  const { page } = tab;
  const rows = page.locator('tr[data-row]');
  await rows.first().waitFor();
  await page.getByLabel('Node', { exact: true }).fill('node-3');
  await eventually(async () => expect(await rows.getByRole('link', { name: 'node-1' }).count()).toBe(0));
  await page.getByRole('combobox', { name: 'What' }).fill('deactivated');
  await page.getByRole('option', { name: 'Node deactivated' }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('When').selectOption('Last hour');
  await eventually(async () => expect(new URL(page.url()).search).toBe('?node=node-3&type=NodeDeactivated&range=1h'));
  await eventually(async () => expect(await rows.count()).toBe(1));
  await page.reload();
  await eventually(async () => expect(await rows.count()).toBe(1));
  await tab.expectAccessible();
  await tab.screenshot('audit');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^rollcall-audit-.*\.jsonl$/);
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([{ type: 'NodeDeactivated', node: 'node-3' }]);

  await page.getByText('Live', { exact: true }).click();
  await page.getByText('Live since').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await editNode({
    client: cluster.admin,
    throwOnError: true,
    path: { id: 'node-2' },
    body: { description: 'seen live' },
  });
  await rows.filter({ hasText: 'Node edited' }).getByRole('link', { name: 'node-2' }).waitFor();
  await tab.expectAccessible();
  await tab.screenshot('live');
  tab.expectQuiet();
  await tab.close();

  const viewer = await open('/audit', looker.token, { viewport: NARROW, colorScheme: 'dark' });
  await viewer.page.getByText('You may not see the audit').waitFor();
  await viewer.page.getByText('Live', { exact: true }).click();
  await viewer.page.getByText('Live since').waitFor();
  await viewer.expectNoSideways();
  viewer.expectQuiet();
  await viewer.close();
});

test('"/" finds nodes, drains, pages and commands, by keyboard; "?" lists the keys', async () => {
  const tab = await open('/sessions');
  const { page } = tab;
  await page.keyboard.press('/');
  const search = page.getByRole('combobox', { name: 'Search everything' });
  await search.fill('node-2');
  await page.locator('[data-result^="node-"]').waitFor();
  await tab.expectAccessible();
  await tab.screenshot('palette');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'node-2' }).waitFor();

  await page.keyboard.press('Control+k');
  await search.fill('kernel');
  await page.getByRole('option', { name: /pool=a/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Drain of pool=a' }).waitFor();

  // Older than everything that the palette searches.
  await insertSessions(cluster, 'long-ago', 1, Date.now() - 3_600_000);
  await insertSessions(cluster, 'just-now', 201, Date.now());
  await page.keyboard.press('/');
  await search.fill('long-ago');
  await page.getByRole('option', { name: /^long-ago/ }).click();
  await page.getByText('select 1').first().waitFor();

  await page.keyboard.press('/');
  await search.fill('start a drain');
  await page.getByRole('option', { name: 'Start a drain' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Start a drain' }).getByLabel('Labels').fill('a/b?');
  expect(await search.count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Go to Drains').waitFor();
  await tab.expectAccessible();
  await tab.screenshot('shortcuts');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  await page.getByRole('heading', { level: 1, name: 'Compute Nodes' }).waitFor();
  tab.expectQuiet();
  await tab.close();

  const viewer = await open('/nodes', looker.token);
  await viewer.page.getByRole('button', { name: 'Search everything' }).click();
  await viewer.page.getByRole('combobox', { name: 'Search everything' }).fill('token');
  await viewer.page.getByRole('option', { name: /Create a join token.*takes an admin/ }).click({ force: true });
  await viewer.page.getByRole('combobox', { name: 'Search everything' }).waitFor();
  await viewer.close();
});
