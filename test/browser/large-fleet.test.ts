import { beforeAll, describe, expect, test } from '@jest/globals';
import { insertFleet } from '../support/browser/overview-fleet.js';
import { useBrowser, useTab } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';

/** 5,000 nodes as documents in the record, with a heartbeat each, since only the page is under test. */
const SIZE = 5_000;

const cluster = useCluster([], { DisconnectTimeout: '1h', UnknownTimeout: '1h' });
const browser = useBrowser();

beforeAll(() => insertFleet(cluster, SIZE));
const tab = useTab(browser, cluster, '/nodes');

const rows = () => tab.page.locator('tr[data-node]');
const ids = () =>
  rows().evaluateAll((elements): string[] =>
    elements.map((element) => (element as unknown as { dataset: { node: string } }).dataset.node),
  );
const firstIs = (id: string) => tab.page.locator(`tbody tr[data-node]:first-of-type[data-node="${id}"]`).waitFor();

test('the first page is shown, and the tiles count all nodes', async () => {
  await firstIs('node-0');
  expect(await ids()).toHaveLength(50);
  await tab.page.getByText('5,001').first().waitFor();
  await tab.screenshot('large-fleet');
  tab.expectQuiet();
});

test('pages follow one another without a gap, and back', async () => {
  const first = await ids();
  await tab.page.getByRole('button', { name: 'Next' }).click();
  await firstIs('sim-00049');
  await tab.page.getByRole('button', { name: 'Next' }).click();
  await firstIs('sim-00099');
  await tab.page.getByRole('button', { name: 'Previous' }).click();
  await firstIs('sim-00049');
  await tab.page.getByRole('button', { name: 'Previous' }).click();
  await firstIs('node-0');
  expect(await ids()).toEqual(first);
});

test('sorting and filtering are done by the api, and are in the address', async () => {
  const sortById = tab.page.getByRole('columnheader', { name: 'ID', exact: true }).getByRole('button');
  await sortById.click();
  await firstIs('sim-04999');
  expect(new URL(tab.page.url()).searchParams.get('sort')).toBe('-id');
  await tab.page.getByRole('searchbox', { name: 'Search by ID, hostname, label or description' }).fill('sim-0123');
  await firstIs('sim-01239');
  expect(await ids()).toHaveLength(10);
  await tab.page.reload();
  await firstIs('sim-01239');
  expect(await ids()).toHaveLength(10);
  await tab.page.goto('/nodes?label=gpu%3Da100&limit=200');
  await firstIs('sim-00000');
  expect(await ids()).toHaveLength(10);
  await tab.page.goto('/nodes?phase=DRAINING&sort=-lastHeartbeat');
  await rows().first().waitFor();
  const phases = await rows().locator('td[data-label="Phase"]').allInnerTexts();
  expect(phases.every((phase) => /draining/i.test(phase))).toBe(true);
  tab.expectQuiet();
});

test('a page of 200 is rendered and scrolls, in a narrow window too', async () => {
  await tab.page.goto('/nodes?limit=200');
  await firstIs('node-0');
  expect(await ids()).toHaveLength(200);
  await rows().last().scrollIntoViewIfNeeded();
  const tooLong = () =>
    tab.page.evaluate<string[]>(`[...document.querySelectorAll('[data-tile] > div')]
      .filter((figure) => figure.scrollWidth > figure.clientWidth)
      .map((figure) => figure.textContent)`);
  for (const width of [1_440, 1_024, 768]) {
    await tab.page.setViewportSize({ width, height: 900 });
    expect([width, await tooLong()]).toEqual([width, []]);
  }
  await tab.page.setViewportSize({ width: 360, height: 740 });
  expect(await tooLong()).toEqual([]);
  await tab.screenshot('large-fleet-narrow');
  await tab.expectNoSideways();
  tab.expectQuiet();
});

describe('the overview', () => {
  /** Below its group's title; at any width there is no other cell there. */
  const FIRST_CELL = { x: 2, y: 22 };
  const cells = () => tab.page.locator('[data-cells="5000"]');
  const WIDTHS = [
    [360, 'dark'],
    [768, 'light'],
    [1_440, 'dark'],
    [2_560, 'light'],
  ] as const;

  test('begins with what needs attention, a line for each kind, which links to the nodes that it counts', async () => {
    await tab.page.goto('/');
    const line = (kind: string) => tab.page.locator(`[data-attention="${kind}"]`);
    await line('copied').getByText('1 node has a copied identity').waitFor();
    await line('lateDrain').getByText('1 drain is late').waitFor();
    expect(
      await tab.page
        .locator('[data-attention]')
        .evaluateAll((lines) => lines.map((one) => one.getAttribute('data-attention'))),
    ).toEqual(['lost', 'copied', 'lateDrain', 'pending']);
    const lost = Number((await line('lost').locator('strong').innerText()).replace(/\D/g, ''));
    expect(lost).toBeGreaterThan(SIZE / 25);
    await line('lost').click();
    await tab.page
      .getByRole('navigation', { name: 'Pages' })
      .getByText(`of ${lost.toLocaleString('en-GB')}`)
      .waitFor();
    const statuses = await rows().locator('td[data-label="Status"]').allInnerTexts();
    expect(statuses.every((status) => /^(Unhealthy|Unknown)/.test(status))).toBe(true);
    await tab.page.goBack();
    await line('copied').click();
    await rows().first().waitFor();
    expect(await ids()).toHaveLength(1);
    tab.expectQuiet();
  });

  test("names a cell's node on hover, opens it with a click, and has the same data as a table", async () => {
    await tab.page.goto('/?by=pool');
    await cells().waitFor();
    await tab.page
      .getByRole('img', { name: /^A cell for each of 5,000 compute nodes/ })
      .hover({ position: FIRST_CELL });
    const tip = tab.page.locator('[data-tip]');
    await tip.waitFor();
    expect(await tip.innerText()).toMatch(/^sim-\d{5}\n\w.*\nCPU .*, memory .*\npool=pool-0$/);
    const name = (await tip.innerText()).split('\n')[0] ?? '';
    const told = tab.page.getByRole('region', { name: 'The fleet', exact: false }).first();
    await told.getByText('Show as a table').click();
    const table = tab.page.getByRole('region', { name: 'The fleet in figures' });
    expect(await table.getByRole('row').count()).toBe(11);
    await tab.page.getByText('Show as a table').last().click();
    await tab.page
      .getByRole('region', { name: /States over/ })
      .getByText('not known')
      .first()
      .waitFor();
    await tab.expectAccessible();
    await tab.page.getByRole('img', { name: /^A cell for each/ }).click({ position: FIRST_CELL });
    await tab.page.getByRole('heading', { level: 1, name }).waitFor();
    await tab.page.goBack();
    await cells().waitFor();
    await tab.page.locator('[data-state="unknown"]').getByRole('link').click();
    await rows().first().waitFor();
    expect(new URL(tab.page.url()).search).toBe('?phase=ACTIVE&phase=DRAINING&liveness=UNKNOWN&type=Compute');
    tab.expectQuiet();
  });

  test('moves between cells by arrow keys, names each node, and opens it with Enter', async () => {
    await tab.page.goto('/?by=pool');
    await cells().waitFor();
    const keys = tab.page.getByRole('listbox', { name: 'Compute nodes in the picture' });
    const spoken = () => keys.getByRole('option', { selected: true });
    await tab.page.getByLabel('Group by label').focus();
    await tab.page.keyboard.press('Tab');
    // The legend's links precede the picture.
    for (let links = await tab.page.locator('[data-state]').count(); links > 0; links -= 1)
      await tab.page.keyboard.press('Tab');
    expect(await tab.page.evaluate('document.activeElement.getAttribute("role")')).toBe('listbox');
    await tab.page.locator('[data-tip]').waitFor();
    expect(await spoken().innerText()).toMatch(/^sim-\d{5}, \w.*, CPU .*, memory .*, pool=pool-0$/);
    const first = await spoken().innerText();
    await tab.page.keyboard.press('ArrowRight');
    await tab.page.keyboard.press('ArrowDown');
    await tab.page.keyboard.press('ArrowLeft');
    await tab.page.keyboard.press('ArrowUp');
    await spoken().filter({ hasText: first }).waitFor();
    await tab.page.keyboard.press('PageDown');
    await spoken()
      .filter({ hasText: /pool=pool-1$/ })
      .waitFor();
    expect(await keys.getAttribute('aria-activedescendant')).toBe(await spoken().getAttribute('id'));
    expect(await spoken().getAttribute('aria-setsize')).toBe('5000');
    const name = (await spoken().innerText()).split(',')[0] ?? '';
    expect((await tab.page.locator('[data-tip]').innerText()).split('\n')[0]).toBe(name);
    await tab.screenshot('overview-keyboard');
    await tab.expectAccessible();
    await tab.page.keyboard.press('Enter');
    await tab.page.getByRole('heading', { level: 1, name }).waitFor();
    tab.expectQuiet();
  });

  test('fits all widths, in both schemes', async () => {
    for (const [width, colorScheme] of WIDTHS) {
      await tab.page.emulateMedia({ colorScheme });
      await tab.page.setViewportSize({ width, height: width < 500 ? 740 : 900 });
      await tab.page.goto(width === 768 ? '/?colour=cpu&by=rack' : '/');
      await tab.page.locator('[data-points]').waitFor();
      await tab.expectNoSideways();
      await tab.expectAccessible();
      // A later scroll bar may make the page narrower; then cells are drawn again.
      await cells().waitFor();
      await tab.screenshot(`overview-${colorScheme}-${width}`, { wholePage: true });
    }
    tab.expectQuiet();
  });
});
