import { beforeAll, expect, test } from '@jest/globals';
import { simulatedFleet } from '../support/simulated-fleet.js';
import { useBrowser, useTab } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';

/** 5,000 nodes as documents in the record, with a heartbeat each: nobody beats for them, since it is the page that is looked at. */
const SIZE = 5_000;
/** From a click to the rows that it asks for, in milliseconds: on a machine that runs other tests besides. */
const SOON_MS = 5_000;
const HOUR_MS = 3_600_000;

const cluster = useCluster([], { DisconnectTimeout: '1h', UnknownTimeout: '1h' });
const browser = useBrowser();

beforeAll(async () => {
  const fleet = simulatedFleet(SIZE, { heardAt: Date.now() + HOUR_MS });
  await cluster.db.collection('nodes').insertMany(fleet.nodes as never[]);
  await cluster.db.collection('heartbeats').insertMany(fleet.heartbeats as never[]);
});
const tab = useTab(browser, cluster, '/nodes');

const rows = () => tab.page.locator('tr[data-node]');
const ids = () =>
  rows().evaluateAll((elements): string[] =>
    elements.map((element) => (element as unknown as { dataset: { node: string } }).dataset.node),
  );
const firstIs = (id: string) =>
  tab.page.locator(`tbody tr[data-node]:first-of-type[data-node="${id}"]`).waitFor({ timeout: SOON_MS });

test('the first page is there, and the tiles count all of them', async () => {
  await firstIs('node-0');
  expect(await ids()).toHaveLength(50);
  await tab.page.getByText('5,001').first().waitFor();
  await tab.screenshot('large-fleet');
  tab.expectQuiet();
});

test('pages follow one another without a gap, and lead back', async () => {
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

test('sorting and filtering ask the api, and the address carries them', async () => {
  const sortById = tab.page.getByRole('columnheader', { name: 'ID', exact: true }).getByRole('button');
  await sortById.click();
  await firstIs('sim-04999');
  expect(new URL(tab.page.url()).searchParams.get('sort')).toBe('-id');
  await tab.page.getByRole('searchbox', { name: 'Part of the ID' }).fill('sim-0123');
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

test('a page of 200 is drawn and scrolls, in a narrow window too', async () => {
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
