import { expect, test } from '@jest/globals';
import { createApiToken, createJoinToken, listWebhooks, rejectNode } from '../../client/index.js';
import { AgentUnderTest } from '../support/api/agent-under-test.js';
import { eventually } from '../support/eventually.js';
import { NARROW, useBrowser } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { fails, useReceiver } from '../support/webhooks/receiver.js';

const env = { ORCHESTRATOR__WEBHOOKS__ALLOWPRIVATE: 'true', ORCHESTRATOR__ALERTS__SETTLE: '1s' };
const cluster = useCluster(['node-1'], {}, { env });
const browser = useBrowser();
const receiver = useReceiver();

test('a webhook is created, its secret shown once; it is tested, replayed, and deleted', async () => {
  const tab = await browser.newTab(cluster.url);
  await tab.signIn(cluster.adminToken, '/webhooks');
  const { page } = tab;
  await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor();
  await page.getByText('Nobody is notified').waitFor();
  await tab.expectAccessible();
  await page.getByRole('button', { name: 'Create a webhook' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Create webhook' }).click();
  await dialog.getByText('Enter a name.').waitFor();
  await dialog.getByLabel('Name').fill('on-call');
  await dialog.getByLabel('Address').fill(`${receiver.url}/secret-path`);
  await tab.expectAccessible();
  await dialog.getByRole('button', { name: 'Create webhook' }).click();
  const secret = await dialog.getByRole('region', { name: 'Text to copy: the token' }).innerText();
  expect(secret).toMatch(/^whsec_/);
  await dialog.getByLabel('I have copied the token').check();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'detached' });

  await page.getByRole('link', { name: 'on-call' }).click();
  await page.getByText('Nothing has been delivered yet.').waitFor();
  expect(await page.content()).not.toContain('secret-path');
  receiver.answers.push(fails(410));
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByText('Given up').waitFor();
  await page.getByText('HTTP 410').waitFor();
  await tab.expectAccessible();
  await tab.screenshot('webhook');
  await page.getByRole('button', { name: 'Replay' }).click();
  await page.getByText('Delivered').waitFor();
  expect(receiver.told.map(({ path }) => path)).toEqual(['/secret-path', '/secret-path']);
  await page.getByRole('button', { name: 'Edit' }).click();
  await dialog.getByLabel('Name').fill('night shift');
  await dialog.getByLabel('Alerts').fill('lost');
  await page.getByRole('option', { name: 'NodeLost' }).click();
  await dialog.getByLabel('Nodes with').fill('pool=a');
  await tab.expectAccessible();
  await tab.screenshot('edit-webhook');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'night shift' }).waitFor();
  expect((await listWebhooks({ client: cluster.admin, throwOnError: true })).data.items).toMatchObject([
    { name: 'night shift', url: `${receiver.url}/…`, kinds: ['NodeLost'], labels: ['pool=a'], severity: 'info' },
  ]);
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await dialog.getByRole('button', { name: 'Rotate secret' }).click();
  await dialog
    .getByRole('region', { name: 'Text to copy: the token' })
    .getByText(/^whsec_/)
    .waitFor();
  await dialog.getByLabel('I have copied the token').check();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByText(/signs, too, for/).waitFor();
  await tab.screenshot('webhook-rotated');
  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByText('It receives no further alerts').waitFor();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Nobody is notified').waitFor();
  expect((await listWebhooks({ client: cluster.admin, throwOnError: true })).data.items).toEqual([]);
  tab.expectQuiet();
  await tab.close();
});

test('a viewer sees the receivers, and why they cannot change anything', async () => {
  const body = { name: 'looker', role: 'viewer' } as const;
  const { data } = await createApiToken({ client: cluster.admin, throwOnError: true, body });
  const tab = await browser.newTab(cluster.url, { viewport: NARROW, colorScheme: 'dark' });
  await tab.signIn(data.token, '/webhooks');
  const make = tab.page.getByRole('button', { name: 'Create a webhook' });
  await eventually(async () => expect(await make.getAttribute('aria-disabled')).toBe('true'));
  await tab.expectAccessible();
  tab.expectQuiet();
  await tab.close();
});

test('an alert is listed while it is raised, and afterwards among all', async () => {
  const tab = await browser.newTab(cluster.url);
  await tab.signIn(cluster.adminToken, '/alerts');
  const { page } = tab;
  await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor();
  await page.getByText('No alerts are raised').waitFor();
  const body = { autoApprove: false } as const;
  const { data } = await createJoinToken({ client: cluster.admin, throwOnError: true, body });
  await new AgentUnderTest(cluster).join(data.token, 'newcomer');
  await page.getByRole('link', { name: 'newcomer' }).waitFor();
  await tab.expectAccessible();
  await tab.screenshot('alerts');
  await rejectNode({ client: cluster.admin, throwOnError: true, path: { id: 'newcomer' }, body: {} });
  await page.getByText('No alerts are raised').waitFor();
  await page.getByText('Last 90 days').click();
  await page.getByRole('link', { name: 'newcomer' }).waitFor();
  tab.expectQuiet();
  await tab.close();
});
