import { expect, test } from '@jest/globals';
import { createApiToken, createDrain, editNode, getNode, listDrains, openSession } from '../../client/index.js';
import { ENDLESS } from '../support/agent/duckdb-queries.js';
import { PATIENT_WITH_NODES } from '../support/cluster/cluster-configuration.js';
import { eventually } from '../support/eventually.js';
import { useBrowser } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';

const cluster = useCluster(['node-1', 'node-2'], PATIENT_WITH_NODES);
const browser = useBrowser();

test('a token is created with a scope, and its holder decides about nodes in it and sees why not about others', async () => {
  for (const [id, pool] of [
    ['node-1', 'gpu'],
    ['node-2', 'cpu'],
  ] as const)
    await editNode({ client: cluster.admin, path: { id }, body: { labels: { pool } }, throwOnError: true });
  const making = await browser.open(cluster, '/access?new=true');
  const dialog = making.page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('gpu-ops');
  await dialog.getByRole('radio', { name: 'operator' }).check();
  await dialog.getByLabel('Only over nodes with these labels').fill('pool==gpu');
  await dialog.getByRole('button', { name: 'Create token' }).click();
  await dialog.getByText('asks for no label').waitFor();
  await dialog.getByLabel('Only over nodes with these labels').fill('pool=gpu');
  await making.expectAccessible();
  await dialog.getByRole('button', { name: 'Create token' }).click();
  await dialog.getByText('acts as gpu-ops, with the role operator on pool=gpu').waitFor();
  const token = await dialog.getByRole('region', { name: 'Text to copy: the token' }).innerText();
  await making.close();

  const tab = await browser.open(cluster, '/nodes/node-2', token.trim());
  const { page } = tab;
  const why = 'You are operator on pool=gpu only: this node is outside.';
  for (const name of ['Deactivate', 'Edit the labels of node-2']) {
    const button = page.getByRole('button', { name });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await button.hover();
    await page.getByRole('tooltip').getByText(why).last().waitFor();
  }
  await page.goto('/access');
  await page.getByText('operator on pool=gpu').first().waitFor();
  await page.getByRole('button', { name: 'Create an API token' }).hover();
  await page.getByRole('tooltip').getByText('this takes an admin').waitFor();
  await tab.expectAccessible();
  await page.goto('/nodes/node-1');
  await page.getByRole('button', { name: 'Deactivate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
  await eventually(async () => {
    const { data } = await getNode({ client: cluster.admin, path: { id: 'node-1' }, throwOnError: true });
    expect(data.availability.by).toBe('gpu-ops');
  });
  tab.expectQuiet();
  await tab.close();
});

test('actions that a scope does not allow are disabled with the reason: sessions, sets and slots', async () => {
  const made = await createApiToken({
    client: cluster.admin,
    body: { name: 'gpu-only', role: 'operator', scope: ['pool=gpu'] },
    throwOnError: true,
  });
  const session = await eventually(async () => {
    const body = { principal: 'ana', sql: ENDLESS, labels: { pool: 'cpu' } };
    return (await openSession({ client: cluster.admin, body, throwOnError: true })).data;
  });
  const set = await createDrain({ client: cluster.admin, body: { labels: ['pool'] }, throwOnError: true });
  const why = 'You are operator on pool=gpu only: this node is outside.';
  const tab = await browser.open(cluster, '/sessions', made.data.token);
  const { page } = tab;

  await page.getByRole('button', { name: `Terminate session ${session.id} of ana: ${why}` }).waitFor();
  await tab.expectAccessible();
  await page.goto(`/sessions/${session.id}`);
  await page.getByRole('button', { name: 'Terminate', disabled: true }).hover();
  await page.getByRole('tooltip').getByText(why).waitFor();

  await page.goto(`/drains/${set.data.id}`);
  await page.getByRole('button', { name: 'Cancel', disabled: true }).hover();
  await page.getByRole('tooltip').getByText('You are operator on pool=gpu only').waitFor();

  await page.goto('/drains?new=true');
  const drain = page.getByRole('dialog');
  await drain.getByLabel('Labels').fill('pool=cpu');
  await drain.getByLabel('Labels').press('Enter');
  await drain.getByText(why).waitFor();
  await tab.expectAccessible();
  await drain.getByRole('button', { name: 'Start a drain' }).click();
  expect((await listDrains({ client: cluster.admin, throwOnError: true })).data.items).toHaveLength(1);

  await drain.getByRole('button', { name: 'Cancel' }).click();
  await drain.waitFor({ state: 'detached' });
  await page.goto('/nodes');
  await page.getByRole('button', { name: 'Register Node' }).click();
  const slot = page.getByRole('dialog');
  await slot.getByLabel('Name').fill('node-9');
  await slot.getByLabel('Labels').fill('pool=cpu');
  await slot.getByRole('button', { name: 'Generate token' }).click();
  await slot.getByText(why).waitFor();
  await slot.getByLabel('Labels').fill('pool=gpu');
  await slot.getByRole('button', { name: 'Generate token' }).click();
  await slot.getByRole('region', { name: 'Text to copy: the token' }).waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('tokens on the list show their scopes', async () => {
  await createApiToken({
    client: cluster.admin,
    body: { name: 'zone-ops', role: 'operator', scope: ['zone'] },
    throwOnError: true,
  });
  const tab = await browser.open(cluster, '/access');
  await tab.page.getByRole('cell', { name: 'operator on zone' }).waitFor();
  tab.expectQuiet();
  await tab.close();
});
