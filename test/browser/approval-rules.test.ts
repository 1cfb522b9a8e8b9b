import { expect, test } from '@jest/globals';
import { createJoinToken, listApprovalRules } from '../../client/index.js';
import { AgentUnderTest } from '../support/api/agent-under-test.js';
import { useBrowser } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';

const cluster = useCluster(['node-1']);
const browser = useBrowser();

test('a rule is created, tried on the nodes that wait, changed and deleted', async () => {
  const tab = await browser.newTab(cluster.url);
  await tab.signIn(cluster.adminToken, '/approval-rules');
  const { page } = tab;
  await page.getByText('No approval rules').waitFor();
  await tab.expectAccessible();
  await page.getByRole('button', { name: 'Create a rule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Create rule' }).click();
  await dialog.getByText('1 to 63 lower-case letters').waitFor();
  await dialog.getByLabel('Name', { exact: true }).fill('gpu-lab');
  await dialog.getByLabel('Named').fill('gpu-*');
  await dialog.getByLabel('From').fill('10.0.0.0/99');
  await dialog.getByLabel('GPUs').fill('0');
  await dialog.getByLabel('Expires after').fill('never');
  await dialog.getByRole('button', { name: 'Create rule' }).click();
  await dialog.getByText('A whole number, at least 1.').waitFor();
  await dialog.getByText('Write it as 12h or 30d.').waitFor();
  await dialog.getByLabel('GPUs').fill('1');
  await dialog.getByLabel('Expires after').fill('30d');
  await tab.expectAccessible();
  await dialog.getByRole('button', { name: 'Create rule' }).click();
  await dialog.getByText('10.0.0.0/8').first().waitFor();
  await dialog.getByLabel('From').press('Backspace');
  await dialog.getByRole('button', { name: 'Create rule' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('named gpu-*; 1 GPU or more').waitFor();

  const { data } = await createJoinToken({ client: cluster.admin, body: { autoApprove: false }, throwOnError: true });
  await new AgentUnderTest(cluster).register(data.token, { name: 'gpu-1' });
  await page.getByRole('region', { name: 'Nodes that wait' }).getByRole('link', { name: 'gpu-1' }).waitFor();
  await page.getByText('gpu-lab: it has no GPU').waitFor();
  await tab.expectAccessible();
  await tab.screenshot('approval-rules');

  await page.getByRole('button', { name: 'Change the rule gpu-lab' }).click();
  await dialog.getByLabel('Nodes that match').selectOption('reject');
  await dialog.getByLabel('GPUs').fill('');
  await dialog.getByLabel('Expires after').fill('never');
  await dialog.getByLabel('Reason').fill('not here');
  await tab.screenshot('approval-rule');
  await dialog.getByRole('button', { name: 'Change', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Nodes that wait' }).getByText('rule gpu-lab').waitFor();
  expect((await listApprovalRules({ client: cluster.admin, throwOnError: true })).data.items).toMatchObject([
    {
      name: 'gpu-lab',
      version: 2,
      decision: 'reject',
      namePattern: 'gpu-*',
      networks: [],
      hardware: {},
      expiresAt: null,
      reason: 'not here',
    },
  ]);
  await page.getByRole('button', { name: 'Delete the rule gpu-lab' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No approval rules').waitFor();
  tab.expectQuiet();
  await tab.close();
});
