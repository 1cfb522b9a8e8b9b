import { beforeAll, expect, test } from '@jest/globals';
import { activateNode, createNode, deactivateNode, removeNode } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { useBrowser } from '../support/browser/browser.js';
import { NodeList } from '../support/browser/node-list.js';
import type { Tab } from '../support/browser/tab.js';
import { useCluster } from '../support/cluster/use-cluster.js';

/** The list of nodes and its dialogs while data changes. */

const cluster = useCluster(['node-1', 'node-2'], { DisconnectTimeout: '2m', UnknownTimeout: '2m' });
const browser = useBrowser();

const register = (name: string) => createNode({ client: cluster.admin, throwOnError: true, body: { name } });
const remove = (id: string) => removeNode({ client: cluster.admin, throwOnError: true, path: { id } });
const open = (path?: string) => NodeList.open(browser, cluster, { path });

function search(tab: Tab): string {
  return new URL(tab.page.url()).search;
}

beforeAll(() => Promise.all(['slot-10', 'slot-11', 'slot-15', 'slot-16', 'slot-20'].map(register)));

test('a dialog whose node changes meanwhile says so, and asks for confirmation again', async () => {
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
  await dialog.getByRole('button', { name: 'Go on anyway' }).click();
  await dialog.getByText('node-1 has changed since you opened this').waitFor({ state: 'detached' });
  // The input was meant for another situation.
  expect(await dialog.getByLabel(/Type the node's name/).inputValue()).toBe('');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await activateNode({ client: cluster.admin, throwOnError: true, path: { id: 'node-1' }, query: { wait: '10s' } });
  tab.expectQuiet();
  await tab.close();
});

test('ids are in natural order: etl-2 comes before etl-10', async () => {
  for (const name of ['etl-10', 'etl-2', 'etl-1']) await register(name);
  const [tab, list] = await open('/nodes?q=etl');
  await eventually(async () => expect(await list.ids()).toEqual(['etl-1', 'etl-2', 'etl-10']));
  await tab.page.getByRole('button', { name: 'ID', exact: true }).click();
  await eventually(async () => expect(await list.ids()).toEqual(['etl-10', 'etl-2', 'etl-1']));
  for (const id of ['etl-1', 'etl-2', 'etl-10']) await remove(id);
  tab.expectQuiet();
  await tab.close();
});

test('selected nodes that are not shown are counted separately, and deselected with one press', async () => {
  const [tab, list] = await open('/nodes?phase=REGISTERED');
  const { page } = tab;
  await list.select('slot-10', 'slot-11', 'slot-20');
  const bar = page.getByRole('toolbar', { name: 'Selected nodes' });
  await bar.getByText('3 nodes selected', { exact: true }).waitFor();
  await page.getByRole('searchbox', { name: 'Search by ID, hostname, label or description' }).fill('slot-1');
  await bar.getByText('3 nodes selected, 1 of them not on this page').waitFor();
  await bar.getByRole('button', { name: 'Remove' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove 3 nodes' });
  await dialog.getByText('1 of these nodes is not on the present page').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await bar.getByRole('button', { name: 'Deselect the 1 not shown' }).click();
  await bar.getByText('2 nodes selected', { exact: true }).waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('when a row leaves the list, the focus moves to the one that takes its place', async () => {
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

test('events refresh the page at once, at any poll interval, and unchanged data is not sent again', async () => {
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

test('a bulk action shows the outcome for each node, and names failures', async () => {
  for (const name of ['slot-27', 'slot-28', 'slot-29']) await register(name);
  const [tab, list] = await open();
  const { page } = tab;
  await list.select('node-0', 'slot-27', 'slot-28', 'slot-29');
  const bar = page.getByRole('toolbar', { name: 'Selected nodes' });
  await bar.getByText('4 nodes selected').waitFor();
  const approve = bar.getByRole('button', { name: 'Activate', exact: true });
  expect(await approve.getAttribute('aria-disabled')).toBe('true');
  await approve.hover();
  await page.getByRole('tooltip').getByText('Not possible for any of the selected nodes').waitFor();

  await bar.getByRole('button', { name: 'Remove' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove 4 nodes' });
  await dialog.getByText('Left unchanged: Node node-0 is a running replica of the api.').waitFor();
  const confirm = dialog.getByRole('button', { name: 'Remove 3 nodes' });
  expect(await confirm.getAttribute('aria-disabled')).toBe('true');
  await tab.expectAccessible();
  // Somebody else decides first.
  await removeNode({ client: cluster.admin, throwOnError: true, path: { id: 'slot-29' }, query: { wait: '10s' } });
  await dialog.getByLabel('Type “remove 3” to confirm').fill('remove 3');
  await confirm.click();
  await dialog.getByText('Done for 2 nodes, failed for 1: see the list for the reasons; 1 left unchanged.').waitFor();
  await tab.screenshot('bulk-remove');
  expect(await dialog.locator('li', { hasText: 'slot-29' }).innerText()).toMatch(
    /no node slot-29|not found|does not exist|there is no/i,
  );
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  await eventually(async () => expect((await list.ids()).filter((id) => /slot-2[789]/.test(id))).toEqual([]));
  expect(await bar.count()).toBe(0);

  await list.select('node-1', 'node-2');
  await bar.getByRole('button', { name: 'Deactivate' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('spring cleaning');
  await page.getByRole('dialog').getByLabel('At most this many at once').fill('2');
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate 2 nodes' }).click();
  await page.getByText(/Drain \w+ has begun with 2 nodes, at most 2 at once/).waitFor();
  await list.cell('node-1', 'Phase').getByText('Drained').waitFor();
  expect((await cluster.node('node-2')).availability.reason).toContain('spring cleaning');
  await list.cell('node-2', 'Phase').getByText('Drained').waitFor();
  for (const id of ['node-1', 'node-2']) {
    const activate = await list.openDialog(id, 'Activate');
    await activate.getByRole('button', { name: 'Activate' }).click();
    await activate.waitFor({ state: 'detached' });
    await list.cell(id, 'Phase').getByText('Active').waitFor();
  }
  tab.expectQuiet();
  await tab.close();
});

test('polling is as configured until the viewer chooses, and the choice is remembered', async () => {
  const [tab, list] = await open();
  const { page } = tab;
  const control = page.getByLabel('How often the page refreshes');
  await list.row('node-1').waitFor();
  expect(await control.inputValue()).toBe('1000');
  await control.selectOption({ label: 'Off' });
  await page.locator('[data-banner="off"]').getByText('Polling is off').waitFor();
  let asked = 0;
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    // CPU traces are requested once a minute.
    if (pathname === '/v1/nodes' && !searchParams.has('include')) asked += 1;
  });
  await page.reload();
  await list.row('node-1').waitFor();
  expect(await control.inputValue()).toBe('0');
  const first = asked;
  // Ages count by themselves, without requests.
  await eventually(async () =>
    expect(Number.parseInt(await list.cell('node-1', 'Last heartbeat').innerText(), 10)).toBeGreaterThanOrEqual(3),
  );
  expect(asked).toBe(first);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await eventually(() => expect(asked).toBe(first + 1));
  await control.selectOption({ label: '2 s' });
  await eventually(() => expect(asked).toBeGreaterThan(first + 2));
  tab.expectQuiet();
  await tab.close();
});

test('missed heartbeats are flagged, and nothing looks live when the api is gone', async () => {
  const [tab, list] = await open();
  const { page } = tab;
  await list.row('node-2').waitFor();
  await page.locator('[data-tile="Nodes"]').waitFor();
  // Positions, which changes must not move.
  const places = () =>
    page.evaluate<
      number[]
    >(`[...document.querySelectorAll('thead th, [data-tile], tr[data-node="node-1"]')].flatMap((element) => {
      const { x, y } = element.getBoundingClientRect();
      return [Math.round(x), Math.round(y)];
    })`);
  const before = await places();
  cluster.agents.get('node-2')?.freeze();
  await list
    .cell('node-2', 'Status')
    .getByText(/\d heartbeats missed/)
    .waitFor();
  const moved = (await places()).map((place, index) => Math.abs(place - (before[index] ?? Number.NaN)));
  // The width of a column may be rounded differently.
  expect(moved.every((pixels) => pixels <= 1)).toBe(true);
  await tab.screenshot('missed-heartbeats');
  // The tile links to them.
  await page.locator('[data-tile="Warnings"]').getByRole('link').click();
  await eventually(async () => expect([search(tab), await list.ids()]).toEqual(['?warning=true', ['node-2']]));
  cluster.agents.get('node-2')?.thaw();
  await page.getByText('No node matches this filter').waitFor();
  await page.getByRole('checkbox', { name: 'Warnings only' }).uncheck();
  await eventually(async () => expect(await list.cell('node-2', 'Status').innerText()).toBe('Healthy'));

  await cluster.api.kill();
  const banner = page.locator('[data-banner="lost"]');
  await banner.getByText('The api cannot be reached.').first().waitFor();
  await banner.getByText(/What you see is from \d\d:\d\d:\d\d/).waitFor();
  const age = () => list.cell('node-1', 'Last heartbeat').innerText();
  const ageBefore = Number.parseInt(await age(), 10);
  await eventually(async () => expect(Number.parseInt(await age(), 10)).toBeGreaterThan(ageBefore));
  expect(
    await list
      .cell('node-1', 'Status')
      .locator('.live')
      .first()
      .evaluate((element): string => element.ownerDocument.defaultView?.getComputedStyle(element).filter ?? ''),
  ).toBe('grayscale(1)');
  await tab.expectAccessible();
  await tab.screenshot('api-gone');
  await cluster.api.start();
  await cluster.ready();
  await banner.waitFor({ state: 'detached' });
  await eventually(async () => expect(Number.parseInt(await age(), 10)).toBeLessThan(5));
  tab.takeComplaints();
  await tab.close();
});
