import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { getDrain, listDrains } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { useBrowser } from '../support/browser/browser.js';
import { NodeList } from '../support/browser/node-list.js';
import { simulatedFleet } from '../support/simulated-fleet.js';
import { useCluster } from '../support/cluster/use-cluster.js';

/** The list of a fleet of 300 nodes, as documents in the record: how much is visible, and done, at once. */
const SIZE = 300;
const HOUR_MS = 3_600_000;
const FORMULA = '=HYPERLINK("http://evil.example","x")';

const cluster = useCluster([], { DisconnectTimeout: '1h', UnknownTimeout: '1h' });
const browser = useBrowser();

beforeAll(async () => {
  const fleet = simulatedFleet(SIZE, { heardAt: Date.now() + HOUR_MS });
  await cluster.db.collection('nodes').insertMany(fleet.nodes as never[]);
  await cluster.db.collection('heartbeats').insertMany(fleet.heartbeats as never[]);
  await cluster.db.collection('nodes').updateOne({ name: 'sim-00003' }, { $set: { description: FORMULA } });
});
const open = (path: string, options?: Parameters<typeof NodeList.open>[2]) =>
  NodeList.open(browser, cluster, { path, viewport: { width: 1440, height: 900 }, ...options });

test('compact rows show many more nodes, columns can be chosen, and both are remembered', async () => {
  const [tab, list] = await open('/nodes?limit=100');
  const { page } = tab;
  await list.row('sim-00000').waitFor();
  const inSight = () =>
    page.locator('tr[data-node]').evaluateAll(
      (rows) =>
        rows.filter((row) => {
          const { bottom } = (
            row as unknown as { getBoundingClientRect(): { bottom: number } }
          ).getBoundingClientRect();
          return bottom <= 900;
        }).length,
    );
  const before = await inSight();
  await page.getByRole('button', { name: 'Columns and density' }).click();
  await page.getByRole('radio', { name: 'Compact' }).check();
  for (const column of ['Connections', 'Type']) await page.getByRole('checkbox', { name: column }).uncheck();
  await tab.expectAccessible();
  await page.keyboard.press('Escape');
  await eventually(async () => expect(await inSight()).toBeGreaterThanOrEqual(1.5 * before));
  await page.getByRole('columnheader', { name: 'Connections' }).waitFor({ state: 'detached' });
  await tab.screenshot('fleet-compact');
  await page.reload();
  await list.row('sim-00000').waitFor();
  expect(await page.getByRole('columnheader', { name: 'Type' }).count()).toBe(0);
  expect(await inSight()).toBeGreaterThanOrEqual(1.5 * before);
  const heights = await page
    .locator('tr[data-node]')
    .evaluateAll((rows) => rows.map((row) => (row as unknown as { offsetHeight: number }).offsetHeight));
  expect(Math.max(...heights)).toBeLessThanOrEqual(30);
  tab.expectQuiet();
  await tab.close();
});

test('the list is sorted by CPU, memory, status and version, and searched by everything that describes a node', async () => {
  const [tab, list] = await open('/nodes?type=Compute&phase=ACTIVE');
  const { page } = tab;
  const figures = async (column: string) =>
    (await page.locator(`td[data-label="${column}"]`).allInnerTexts()).map((text) => Number.parseInt(text, 10));
  for (const column of ['CPU', 'Memory']) {
    const head = page.getByRole('columnheader', { name: column, exact: true });
    await head.getByRole('button').click();
    await head.getByRole('button').click();
    await eventually(async () => {
      expect(await head.getAttribute('aria-sort')).toBe('descending');
      const found = await figures(column);
      expect(found).toEqual(found.toSorted((a, b) => b - a));
    });
  }
  await page.getByRole('columnheader', { name: 'Status' }).getByRole('button').click();
  await page.getByRole('columnheader', { name: 'Status' }).getByRole('button').click();
  await eventually(async () =>
    expect((await page.locator('td[data-label="Status"]').allInnerTexts())[0]).toContain('Unknown'),
  );
  await page.getByRole('columnheader', { name: 'Version' }).getByRole('button').click();
  await eventually(async () =>
    expect((await page.locator('td[data-label="Version"]').allInnerTexts())[0]).toContain('0.0.9'),
  );
  await page.goto('/nodes');
  const search = page.getByRole('searchbox', { name: 'Search by ID, hostname, label or description' });
  await search.fill('rack=r7 POOL-7');
  await eventually(async () => expect(await list.ids()).toEqual(['sim-00007', 'sim-00077', 'sim-00207', 'sim-00277']));
  await search.fill('physics');
  await eventually(async () => expect(await list.ids()).toEqual(['sim-00007']));
  tab.expectQuiet();
  await tab.close();
});

test('a range is selected with shift, and all matching nodes with one press; a drain of them has pace and deadline', async () => {
  const [tab, list] = await open('/nodes?label=pool%3Dpool-4&phase=ACTIVE&limit=25');
  const { page } = tab;
  const bar = page.getByRole('toolbar', { name: 'Selected nodes' });
  await list.row('sim-00004').waitFor();
  const ids = await list.ids();
  await page.getByRole('checkbox', { name: `Select ${ids[1]}` }).click();
  await page.getByRole('checkbox', { name: `Select ${ids[5]}` }).click({ modifiers: ['Shift'] });
  await bar.getByText('5 nodes selected', { exact: true }).waitFor();
  await page.getByRole('checkbox', { name: `Select ${ids[3]}` }).click();
  await page.getByRole('checkbox', { name: `Select ${ids[5]}` }).click({ modifiers: ['Shift'] });
  await bar.getByText('2 nodes selected', { exact: true }).waitFor();

  await page.getByRole('checkbox', { name: 'Select all nodes on this page' }).click();
  const all = bar.getByRole('button', { name: /^Select all \d+ that match$/ });
  const count = Number(/\d+/.exec(await all.innerText())?.[0]);
  expect(count).toBeGreaterThan(25);
  await all.click();
  await bar.getByText(`${count} nodes selected, ${count - 25} of them not on this page`).waitFor();
  await tab.screenshot('fleet-selected');
  await tab.expectAccessible();
  for (const action of ['Reject', 'Activate', 'Deactivate', 'Decommission', 'Remove'])
    expect(await bar.getByRole('button', { name: action, exact: true }).count()).toBe(1);

  await bar.getByRole('button', { name: 'Deactivate' }).click();
  const dialog = page.getByRole('dialog', { name: `Deactivate ${count} nodes` });
  await dialog.getByText(`${count - 25} of these nodes are not on the present page`).waitFor();
  const pace = dialog.getByLabel('At most this many at once');
  await pace.fill('0');
  await dialog.locator('p', { hasText: 'Enter a number from 1 to 100.' }).waitFor();
  await pace.fill('3');
  await dialog.getByRole('textbox', { name: 'Deadline' }).fill('15m');
  await dialog.getByLabel('Reason').fill('new racks');
  await tab.screenshot('fleet-drain');
  await tab.expectAccessible();
  await dialog.getByRole('button', { name: `Deactivate ${count} nodes` }).click();
  await page.getByText(`with ${count} nodes, at most 3 at once`).waitFor();
  await bar.waitFor({ state: 'detached' });
  const { data: drains } = await listDrains({ client: cluster.admin, throwOnError: true });
  const { data: drain } = await getDrain({
    client: cluster.admin,
    throwOnError: true,
    path: { id: drains.items[0]?.id ?? '' },
  });
  expect(drain).toMatchObject({ maxUnavailable: 3, deadline: '15m', reason: 'new racks', labels: [] });
  expect(drain.nodes?.map(({ id }) => id).slice(0, 6)).toEqual(ids.slice(0, 6));
  expect(drain.nodes).toHaveLength(count);
  tab.expectQuiet();
  await tab.close();
});

test('all matching nodes are saved as CSV and JSON, without formulas for spreadsheets', async () => {
  const [tab, list] = await open('/nodes?q=sim&sort=-id&limit=25');
  const { page } = tab;
  await list.row('sim-00299').waitFor();
  const saved = async (format: 'CSV' | 'JSON') => {
    await page.getByRole('button', { name: 'Download' }).click();
    const coming = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: `${SIZE} nodes as ${format}` }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toMatch(new RegExp(`^nodes-.*\\.${format.toLowerCase()}$`));
    return readFile(await download.path(), 'utf8');
  };
  const rows = (await saved('CSV')).trimEnd().split('\r\n');
  expect(rows).toHaveLength(SIZE + 1);
  expect(rows[0]).toMatch(/^id,uid,type,/);
  expect(rows[1]).toMatch(/^sim-00299,/);
  expect(rows.find((row) => row.startsWith('sim-00003,'))).toContain(`"'${FORMULA.replaceAll('"', '""')}"`);
  const nodes = JSON.parse(await saved('JSON')) as { id: string; description: string }[];
  expect(nodes.map(({ id }) => id)).toEqual(
    Array.from({ length: SIZE }, (_, n) => `sim-${String(SIZE - 1 - n).padStart(5, '0')}`),
  );
  expect(nodes.find(({ id }) => id === 'sim-00003')?.description).toBe(FORMULA);
  tab.expectQuiet();
  await tab.close();
});

test('a saved view can be opened again, and deleted', async () => {
  const [tab, list] = await open('/nodes?label=pool%3Dpool-2&sort=-cpu');
  const { page } = tab;
  await list.row('sim-00002').waitFor();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByLabel('Name of this view').fill('Busy in pool 2');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Busy in pool 2' }).waitFor();
  await tab.expectAccessible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'View: Busy in pool 2' }).waitFor();
  await page.goto('/nodes?phase=PENDING');
  await page.getByRole('button', { name: 'Views', exact: true }).click();
  await page.getByRole('link', { name: 'Busy in pool 2' }).click();
  await eventually(() => expect(new URL(page.url()).search).toBe('?label=pool%3Dpool-2&sort=-cpu'));
  await page.getByRole('button', { name: 'View: Busy in pool 2' }).click();
  await page.getByRole('button', { name: 'Delete the view Busy in pool 2' }).click();
  await page.getByText('No views yet').waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('a node links to the next one in the list, across pages too, and back to the list', async () => {
  const [tab, list] = await open('/nodes?q=sim&sort=-id&limit=25');
  const { page } = tab;
  await list.row('sim-00299').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await list.row('sim-00250').waitFor();
  await page.getByRole('link', { name: 'sim-00250', exact: true }).click();
  const goTo = async (which: 'Next' | 'Previous', id: string) => {
    await page.getByRole('link', { name: `${which} node: ${id}` }).click();
    await page.getByRole('heading', { name: id }).waitFor();
  };
  await goTo('Next', 'sim-00249');
  await goTo('Next', 'sim-00248');
  await goTo('Previous', 'sim-00249');
  await goTo('Previous', 'sim-00250');
  for (let index = 251; index <= 275; index += 1) await goTo('Previous', `sim-00${index}`);
  await goTo('Next', 'sim-00274');
  await page.getByRole('link', { name: 'Compute Nodes' }).last().click();
  await list.row('sim-00274').waitFor();
  expect(new URL(page.url()).searchParams.get('sort')).toBe('-id');
  await page.goto('/nodes/sim-00007');
  await page.getByRole('heading', { name: 'sim-00007' }).waitFor();
  tab.expectQuiet();
  await tab.close();
});

test.each([
  ['360', 'dark', { width: 360, height: 780 }],
  ['768', 'light', { width: 768, height: 1024 }],
  ['1440', 'dark', { width: 1440, height: 900 }],
  ['2560', 'light', { width: 2560, height: 1440 }],
] as const)('nothing sticks out at %s pixels, %s', async (name, colorScheme, viewport) => {
  const [tab, list] = await open('/nodes?limit=25', { viewport, colorScheme });
  await list.row('sim-00000').waitFor();
  await tab.screenshot(`fleet-list-${name}-${colorScheme}`);
  await tab.expectNoSideways();
  await tab.expectAccessible();
  tab.expectQuiet();
  await tab.close();
});
