import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { deactivateNode, getSession, openSession } from '../../client/index.js';
import { PATIENT_WITH_NODES } from '../support/cluster/cluster-configuration.js';
import { eventually } from '../support/eventually.js';
import { NARROW, useBrowser } from '../support/browser/browser.js';
import { useCluster, useViewer } from '../support/cluster/use-cluster.js';
import { ENDLESS } from '../support/agent/duckdb-queries.js';

const HOSTILE = '<img src=x onerror=alert(1)>';
const cluster = useCluster(['node-1'], PATIENT_WITH_NODES);
const browser = useBrowser();
const viewer = useViewer(cluster);

const open = (path: string, token?: string, options?: Parameters<typeof browser.open>[3]) =>
  browser.open(cluster, path, token, options);

/** A running session of this principal, on node-1. */
async function running(principal: string, sql = ENDLESS): Promise<string> {
  // On a machine busy with earlier sessions the node's beat may be late, and then it gets none for a moment.
  const { data } = await eventually(() =>
    openSession({
      client: cluster.admin,
      throwOnError: true,
      body: { principal, sql, resources: { cpu: 0.05, memory: 64 * 1_024 ** 2, disk: 0 } },
    }),
  );
  await eventually(async () => expect(await sessionState(data.id)).toBe('RUNNING'));
  return data.id;
}

async function sessionState(id: string): Promise<string> {
  return (await getSession({ client: cluster.admin, throwOnError: true, path: { id } })).data.state;
}

function row(page: Page, id: string) {
  return page.locator(`tr[data-session="${id}"]`);
}

test('the Sessions tab shows the session cache with elapsed times; stale sessions are found, selected and terminated', async () => {
  const [one, two, three] = [
    await running('alice@example.com'),
    await running(HOSTILE, `-- ${HOSTILE}\n${ENDLESS}`),
    await running('bob'),
  ];
  const tab = await open('/nodes/node-1/sessions');
  const { page } = tab;
  await row(page, two).getByText(HOSTILE).first().waitFor();
  await page.getByText('from its workflow').waitFor();
  expect(await page.locator('#main img').count()).toBe(0);
  const elapsed = row(page, one).locator('td[data-label="Elapsed"]');
  const before = await elapsed.innerText();
  await eventually(async () => expect(await elapsed.innerText()).not.toBe(before));
  await tab.expectAccessible();
  await tab.screenshot('node-sessions-running');

  await page.getByLabel('Find').fill('bob');
  await eventually(async () => expect(await page.locator('tr[data-session]').count()).toBe(1));
  await row(page, three)
    .getByRole('button', { name: `Terminate session ${three} of bob` })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('its work is lost').waitFor();
  await dialog.getByLabel('Reason').fill('it blocks the others');
  await tab.expectAccessible();
  await dialog.getByRole('button', { name: 'Terminate', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('No session matches').waitFor();
  await page.getByLabel('Find').fill('');

  await page.getByLabel('Older than').fill('x');
  await page.getByText('Write it as 30s, 15m or 1h30m.').first().waitFor();
  await page.getByLabel('Older than').fill('1d');
  await page.getByRole('button', { name: 'Select', exact: true }).click();
  expect(await page.getByRole('button', { name: 'Terminate', exact: true }).getAttribute('aria-disabled')).toBe('true');
  await page.getByLabel('Older than').fill('1s');
  await page.getByRole('button', { name: 'Select', exact: true }).click();
  await page.getByRole('button', { name: 'Terminate 2 sessions' }).click();
  await tab.screenshot('terminate-dialog');
  await dialog.getByRole('button', { name: 'Terminate 2 sessions' }).click();
  await page.getByText('Nothing runs on this node. It accepts new sessions.').waitFor();

  const { data: ended } = await getSession({ client: cluster.admin, throwOnError: true, path: { id: three } });
  expect(ended).toMatchObject({ state: 'TERMINATED', termination: { by: 'admin', reason: 'it blocks the others' } });
  await page.getByRole('link', { name: 'Sessions that have ended' }).click();
  await row(page, one).getByText('Terminated').waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('a drain shows what is left, whose it is, its deadline and what happens then; and can be cancelled', async () => {
  const id = await running('carol');
  await deactivateNode({
    client: cluster.admin,
    throwOnError: true,
    path: { id: 'node-1' },
    body: { reason: 'kernel update', deadline: '1h', onDeadline: 'terminate' },
  });
  const tab = await open('/nodes/node-1', cluster.adminToken, { colorScheme: 'dark' });
  const { page } = tab;
  const drain = page.getByRole('region', { name: 'Draining' });
  await drain.getByText('1 session left, of carol').waitFor();
  const text = await drain.innerText();
  for (const wanted of [
    id,
    'by admin: kernel update',
    '59 min',
    'Sessions that still run then are terminated.',
    'Activate brings it back',
  ])
    expect(text).toContain(wanted);
  await tab.expectAccessible();
  await tab.screenshot('node-draining-dark', { wholePage: true });
  await drain.getByRole('button', { name: 'Cancel the drain' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Activate' }).click();
  await drain.waitFor({ state: 'detached' });
  expect(await sessionState(id)).toBe('RUNNING');

  // Nothing of it may be left for the next test.
  await page.goto(`/sessions/${id}`);
  await page.getByRole('button', { name: 'Terminate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Terminate', exact: true }).click();
  await page.getByText('Terminated', { exact: true }).first().waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('a session is opened with a query: errors are shown, and the result appears by itself', async () => {
  const tab = await open('/sessions');
  const { page } = tab;
  await page.getByText('No sessions are running').waitFor();
  await page.getByRole('button', { name: 'Open a session' }).click();
  const dialog = page.getByRole('dialog');
  const submit = dialog.getByRole('button', { name: 'Open the session' });
  await submit.click();
  await dialog.getByText('Enter a query.').waitFor();
  await dialog
    .getByRole('textbox', { name: 'Query' })
    .fill(`SELECT 42 AS answer, '${HOSTILE}' AS text, NULL AS nothing FROM range(150)`);
  await dialog.getByRole('textbox', { name: 'Labels' }).fill('pool=nowhere');
  await submit.click();
  await dialog.getByText('0 of 1 node: 1 lack').waitFor();
  await tab.expectAccessible();
  await tab.screenshot('open-session');
  await dialog.getByRole('textbox', { name: 'Labels' }).fill('');
  await submit.click();
  await page.waitForURL('**/sessions/*');
  await page.getByText('100 of 150 rows').waitFor();
  const cells = await page
    .getByRole('region', { name: 'Beginning of the result' })
    .getByRole('row')
    .nth(1)
    .getByRole('cell')
    .allInnerTexts();
  expect(cells).toEqual(['42', HOSTILE, 'null']);
  expect(await page.getByRole('button', { name: 'Terminate' }).getAttribute('aria-disabled')).toBe('true');
  await tab.expectAccessible();
  await tab.screenshot('session', { wholePage: true });

  await page.goto('/sessions/0000');
  await page.getByText('There is no session 0000').waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('the list of sessions works narrow and dark: ended ones have reasons, filters are in the address, a viewer can only look', async () => {
  const { data } = await eventually(() =>
    openSession({
      client: cluster.admin,
      throwOnError: true,
      body: { principal: 'dave', sql: 'SELECT * FROM nowhere' },
    }),
  );
  const tab = await open('/sessions?show=all', viewer.token, { colorScheme: 'dark', viewport: NARROW });
  const { page } = tab;
  await row(page, data.id).getByText('Failed').waitFor();
  await tab.expectAccessible();
  await tab.expectNoSideways();
  await tab.screenshot('sessions-narrow-dark', { wholePage: true });
  await page.getByLabel('Principal').fill('dave');
  await page.waitForURL('**/sessions?show=all&principal=dave');
  await eventually(async () => expect(await page.locator('tr[data-session]').count()).toBe(1));
  expect(await page.getByRole('button', { name: 'Open a session' }).getAttribute('aria-disabled')).toBe('true');
  await row(page, data.id).getByRole('link', { name: data.id }).click();
  await page.getByText('Table with name nowhere does not exist').waitFor();
  await tab.expectAccessible();
  await tab.expectNoSideways();
  tab.expectQuiet();
  await tab.close();
});

test('two filters typed one after the other both apply, and the fields show the filters in force', async () => {
  const tab = await open('/sessions?show=all');
  const { page } = tab;
  await page.getByLabel('Node', { exact: true }).fill('node-1');
  await page.getByLabel('Principal').fill('dave');
  await page.waitForURL('**/sessions?show=all&node=node-1&principal=dave');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sessions' }).click();
  await page.waitForURL(/\/sessions$/);
  expect(await page.getByLabel('Node', { exact: true }).inputValue()).toBe('');
  expect(await page.getByLabel('Principal').inputValue()).toBe('');
  await page.goBack();
  await eventually(async () => expect(await page.getByLabel('Principal').inputValue()).toBe('dave'));
  tab.expectQuiet();
  await tab.close();
});

test('when the workflow does not answer, the tab says that it shows the record', async () => {
  const id = await running('erin');
  const tab = await open('/nodes/node-1/sessions');
  const { page } = tab;
  await row(page, id).waitFor();
  await cluster.temporal.kill();
  await page.getByText('These are its sessions as last recorded').waitFor();
  await row(page, id).getByText('Running').waitFor();
  await tab.screenshot('node-sessions-record');
  await cluster.temporal.start();
  await page.getByText('from its workflow').waitFor({ timeout: 60_000 });
  tab.takeComplaints();
  await tab.close();
});
