import { beforeAll, expect, test } from '@jest/globals';
import { activateNode, createNode, deactivateNode, removeNode } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { useBrowser } from '../support/browser/browser.js';
import { NodeList } from '../support/browser/node-list.js';
import { useCluster } from '../support/cluster/use-cluster.js';

/** The list of nodes and its dialogs, while others change what they show. */

const cluster = useCluster(['node-1'], { DisconnectTimeout: '2m', UnknownTimeout: '2m' });
const browser = useBrowser();

const register = (name: string) => createNode({ client: cluster.admin, throwOnError: true, body: { name } });
const remove = (id: string) => removeNode({ client: cluster.admin, throwOnError: true, path: { id } });
const open = (path?: string) => NodeList.open(browser, cluster, { path });

beforeAll(() => Promise.all(['slot-10', 'slot-11', 'slot-15', 'slot-16', 'slot-20'].map(register)));

test('a dialog whose node changes under it says so, and asks again', async () => {
  const [tab, list] = await open();
  const { page } = tab;
  const dialog = await list.openDialog('node-1', 'Remove');
  await dialog.getByLabel(/Type the node's name/).fill('node-1');
  const confirm = dialog.getByRole('button', { name: 'Remove', exact: true });
  expect(await confirm.getAttribute('aria-disabled')).toBeNull();
  await deactivateNode({ client: cluster.admin, throwOnError: true, path: { id: 'node-1' }, query: { wait: '10s' } });
  await dialog.getByText('node-1 has changed since you opened this').waitFor();
  await eventually(async () => expect(await dialog.innerText()).toContain('It was active, and is drained now.'));
  expect(await confirm.getAttribute('aria-disabled')).toBe('true');
  await page.keyboard.press('Enter');
  await tab.screenshot('changed-under-a-dialog');
  await tab.expectAccessible();
  await dialog.getByRole('button', { name: 'Go on all the same' }).click();
  await dialog.getByText('node-1 has changed since you opened this').waitFor({ state: 'detached' });
  // What was typed was about another situation.
  expect(await dialog.getByLabel(/Type the node's name/).inputValue()).toBe('');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await activateNode({ client: cluster.admin, throwOnError: true, path: { id: 'node-1' }, query: { wait: '10s' } });
  tab.expectQuiet();
  await tab.close();
});

test('ids are in the order that people count in: etl-2 comes before etl-10', async () => {
  for (const name of ['etl-10', 'etl-2', 'etl-1']) await register(name);
  const [tab, list] = await open('/nodes?q=etl');
  await eventually(async () => expect(await list.ids()).toEqual(['etl-1', 'etl-2', 'etl-10']));
  await tab.page.getByRole('button', { name: 'ID', exact: true }).click();
  await eventually(async () => expect(await list.ids()).toEqual(['etl-10', 'etl-2', 'etl-1']));
  for (const id of ['etl-1', 'etl-2', 'etl-10']) await remove(id);
  tab.expectQuiet();
  await tab.close();
});

test('what is selected and out of sight is counted apart, and dropped with one press', async () => {
  const [tab, list] = await open('/nodes?phase=REGISTERED');
  const { page } = tab;
  await list.select('slot-10', 'slot-11', 'slot-20');
  const bar = page.getByRole('toolbar', { name: 'Selected nodes' });
  await bar.getByText('3 nodes selected', { exact: true }).waitFor();
  await page.getByRole('searchbox', { name: 'Search by ID, hostname, label or description' }).fill('slot-1');
  await bar.getByText('3 nodes selected, 1 of them not on this page').waitFor();
  await bar.getByRole('button', { name: 'Remove' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove 3 nodes' });
  await dialog.getByText('1 node of these is not on the page behind').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await bar.getByRole('button', { name: 'Drop the 1 out of sight' }).click();
  await bar.getByText('2 nodes selected', { exact: true }).waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('where a row leaves the list the focus goes to the one that takes its place', async () => {
  const [tab, list] = await open('/nodes?phase=REGISTERED');
  const { page } = tab;
  const dialog = await list.openDialog('slot-15', 'Remove');
  await dialog.getByLabel(/Type the node's name/).fill('slot-15');
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await list.row('slot-15').waitFor({ state: 'detached' });
  await eventually(async () =>
    expect(await page.evaluate<string | null>('document.activeElement.getAttribute("aria-label")')).toBe(
      'Actions for slot-16',
    ),
  );
  tab.expectQuiet();
  await tab.close();
});

test('what happens is seen when it happens, however seldom the page polls; what has not changed is not sent again', async () => {
  const [tab, list] = await open('/nodes?phase=REGISTERED');
  const { page } = tab;
  const statuses: number[] = [];
  page.on('response', (response) => {
    if (new URL(response.url()).pathname === '/v1/nodes') statuses.push(response.status());
  });
  await list.row('slot-10').waitFor();
  await eventually(() => expect(statuses).toContain(304));
  await page.getByLabel('How often the page refreshes').selectOption({ label: '1 min' });
  await register('slot-99');
  await list.row('slot-99').waitFor();
  await remove('slot-99');
  await list.row('slot-99').waitFor({ state: 'detached' });
  tab.expectQuiet();
  await tab.close();
});
