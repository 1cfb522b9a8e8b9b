import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { parseSwapUsed } from '../../agent/resources/proc.js';
import { createNode, removeNode, editNode } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { DESKTOP, NARROW, useBrowser } from '../support/browser/browser.js';
import { useCluster, useViewer } from '../support/cluster/use-cluster.js';

const HOSTILE = '<img src=x onerror=alert(1)>';
const WIDEST = { width: 3_840, height: 2_160 };
const TABS = ['', '/health', '/sessions', '/events'];

const cluster = useCluster(['node-1'], { DisconnectTimeout: '30s' });
const browser = useBrowser();
const viewer = useViewer(cluster);

const open = (path: string, token?: string, options?: Parameters<typeof browser.open>[3]) =>
  browser.open(cluster, path, token, options);

function panel(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

function edit(name: string, change: Parameters<typeof editNode>[0]['body']) {
  return editNode({ client: cluster.admin, throwOnError: true, path: { id: name }, body: change });
}

test("the overview shows the node's identity, hardware, state and reasons, and is reached by a link and a key", async () => {
  const tab = await open('/nodes/node-1');
  const { page } = tab;
  const node = await cluster.node('node-1');
  const says = async (name: string, ...texts: string[]) => {
    const text = await panel(page, name).innerText();
    for (const wanted of texts) expect(text).toContain(wanted);
  };
  await says('Identity', node.uid, 'Compute', `lifecycle-node-1`, 'applied');
  await says('Conditions', 'Approved', 'Active', 'Healthy', 'by system', node.approval.reason);
  await says(
    'Hardware and versions',
    node.info?.hostname ?? '',
    node.info?.cpu.model ?? '',
    node.info?.agentVersion ?? '',
  );
  await says('In use', 'CPU', 'Memory', 'Disk', 'Connections', 'Reserved');
  expect(await page.getByRole('link', { name: 'lifecycle-node-1' }).getAttribute('href')).toBe(node.workflow.url);
  expect(await page.title()).toBe('node-1 · Rollcall');

  await page.getByRole('tab', { name: 'Overview' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForURL('**/nodes/node-1/health');
  await page.goBack();
  await panel(page, 'Identity').waitFor();
  await page.goto('/nodes/node-1/nonsense');
  await page.waitForURL('**/nodes/node-1');
  tab.expectQuiet();
  await tab.close();
});

test('labels and the description are edited in place, errors are shown beside the field, and hostile text stays text', async () => {
  const tab = await open('/nodes/node-1');
  const { page } = tab;
  const labels = panel(page, 'Labels');
  await labels.getByRole('button', { name: 'Edit the labels' }).click();
  await labels.getByRole('textbox').fill('pool=a b');
  await labels.getByRole('button', { name: 'Save' }).click();
  await labels.getByText('is not a label value').waitFor();
  expect(await labels.getByRole('textbox').getAttribute('aria-invalid')).toBe('true');
  await tab.expectAccessible();
  await labels.getByRole('textbox').press('Escape');
  await labels.getByText('none').waitFor();

  await labels.getByRole('button', { name: 'Edit the labels' }).click();
  await labels.getByRole('textbox').fill('pool=a\nzone=eu-1');
  await edit('node-1', { labels: { elsewhere: 'yes' } });
  await labels.getByText('were changed by somebody else since you began').waitFor();
  await labels.getByRole('button', { name: 'Save' }).click();
  await labels.getByTitle('zone=eu-1').waitFor();
  expect((await cluster.node('node-1')).labels).toEqual({ pool: 'a', zone: 'eu-1' });
  // The focus stays where it was.
  await eventually(async () =>
    expect(await page.evaluate<string>('document.activeElement.getAttribute("aria-label")')).toBe(
      'Edit the labels of node-1',
    ),
  );

  const description = panel(page, 'Description');
  await description.getByRole('button', { name: 'Edit the description' }).click();
  await description.getByRole('textbox').fill(`${HOSTILE}\nAsk ops.`);
  await description.getByRole('button', { name: 'Save' }).click();
  await description.getByText(HOSTILE).waitFor();
  expect(await page.locator('#main img').count()).toBe(0);
  tab.expectQuiet();
  await tab.close();
});

/** How much of a plot is painted in a colour, as an expression for the page: a failed plot is grey or empty. */
function colouredPixels(name: string): string {
  return `(() => {
    const canvas = document.querySelector('[role="img"][aria-label^="${name} over"] canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 0 && data[at + 2] > data[at] + 40) count += 1;
    return count;
  })()`;
}

test('health shows each heartbeat in the strip and in plots; the range is in the address; everything is available as text and tables', async () => {
  const tab = await open('/nodes/node-1/health');
  const { page } = tab;
  const strip = page.locator('[data-strip]');
  await eventually(async () =>
    expect(await strip.getAttribute('aria-label')).toMatch(
      /^Heartbeats of the last hour, in slots of 15 s: [1-9]\d* received, \d+ late, \d+ missed\.$/,
    ),
  );
  await page.getByText('before it joined', { exact: true }).waitFor();
  for (const name of ['CPU', 'Memory', 'Disk', 'Connections', 'Load average']) {
    await panel(page, name)
      .getByRole('img', { name: `${name} over the last hour: last` })
      .waitFor();
    await eventually(async () => expect(await page.evaluate<number>(colouredPixels(name))).toBeGreaterThan(20));
  }
  const hasSwap = parseSwapUsed(await readFile('/proc/meminfo', 'utf8')) !== undefined;
  expect(await panel(page, 'Swap used').count()).toBe(hasSwap ? 1 : 0);
  await page.getByText('Show as a table').click();
  const table = page.getByRole('table', { name: 'Means over the last hour, latest first' });
  await eventually(async () => expect(await table.getByRole('row').count()).toBe(25));
  expect(await table.getByRole('row').nth(1).innerText()).toMatch(/\d+ %.+[MG]iB/s);
  expect(await table.getByText('no heartbeat').count()).toBeGreaterThan(0);

  await page.getByText('7 days', { exact: true }).click();
  await page.waitForURL('**/health?window=7d');
  await eventually(async () =>
    expect(await strip.getAttribute('aria-label')).toContain('the last 7 days, in slots of 1 h'),
  );
  await tab.expectAccessible();
  tab.expectQuiet();
  await tab.close();
});

test('dragging over a plot zooms, in the address; peaks show where means hide them; marks show events', async () => {
  const tab = await open('/nodes/node-1/health');
  const { page } = tab;
  const cpu = panel(page, 'CPU').getByRole('img', { name: /^CPU over/ });
  await cpu.waitFor();
  // Ten heartbeats are one point here, with their range as a band.
  await page.getByText('Show as a table').click();
  await page
    .getByRole('table')
    .getByText(/\d+ % \(\d+ % to \d+ %\)/)
    .first()
    .waitFor();
  const marks = page.getByRole('region', { name: 'Decisions, drains and restarts of the last hour' });
  await marks.getByText('Node joined').waitFor();
  await marks.getByText('Node approved').waitFor();

  await cpu.scrollIntoViewIfNeeded();
  const box = await panel(page, 'CPU').locator('.u-over').boundingBox();
  if (!box) throw new Error('the plot has no place');
  // The last minutes, up to the edge, since nothing was heard before.
  const [y, left, right] = [box.y + box.height / 2, box.x + box.width * 0.8, box.x + box.width - 1];
  await page.mouse.move(left, y);
  await page.mouse.down();
  await page.mouse.move((left + right) / 2, y, { steps: 4 });
  await page.mouse.move(right, y, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/\/health\?from=.+&to=.+/);
  const shown = () => {
    const params = new URL(page.url()).searchParams;
    return (Date.parse(params.get('to') ?? '') - Date.parse(params.get('from') ?? '')) / 60_000;
  };
  const zoomed = shown();
  expect(zoomed).toBeGreaterThan(5);
  expect(zoomed).toBeLessThan(15);
  await page.getByRole('img', { name: /^CPU over \d\d:\d\d:\d\d to \d\d:\d\d:\d\d: last/ }).waitFor();
  await tab.expectAccessible();
  await page.reload();
  await page.getByRole('img', { name: /^CPU over \d\d:\d\d:\d\d to/ }).waitFor();
  expect(shown()).toBe(zoomed);
  await page.getByRole('button', { name: 'Zoom out' }).click();
  await eventually(() => expect(Math.round(shown() * 10) / 10).toBe(Math.round(zoomed * 20) / 10));

  // By keyboard too, with the error shown.
  const [from, to] = [page.getByLabel('From', { exact: true }), page.getByLabel('To', { exact: true })];
  await to.fill(await from.inputValue());
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByText('It has to last at least a minute.').waitFor();
  await page.goBack();
  await page.goBack();
  await page.waitForURL(/\/health$/);
  await page.getByRole('img', { name: /^CPU over the last hour/ }).waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('events show who, what, why and from where, latest first, page by page', async () => {
  for (let count = 0; count < 60; count += 1) await edit('node-1', { description: `edit ${count}` });
  const tab = await open('/nodes/node-1/events');
  const { page } = tab;
  const rows = page.locator('tr[data-event]');
  await rows.first().waitFor();
  expect(await rows.first().innerText()).toMatch(/Node edited\s+admin\s+changed description\s+127\.0\.0\.1/);
  expect(await rows.count()).toBe(50);
  await page.getByRole('button', { name: 'Older' }).click();
  await page.getByText('End of the list').waitFor();
  // A reloaded page is the same, and still knows the way back.
  await page.reload();
  await page.getByText('End of the list').waitFor();
  await page.getByText(/^51 to /).waitFor();
  expect(await page.locator('tr[data-event="NodeJoined"]').innerText()).toContain('agent:node-1');
  await page.getByRole('button', { name: 'Newer' }).click();
  await page.getByText('1 to 50').waitFor();
  expect(await rows.first().innerText()).toMatch(/Node edited/);
  tab.expectQuiet();
  await tab.close();
});

test('a missing node, one that is removed while it is open, and its successor each have their page', async () => {
  const created = () => createNode({ client: cluster.admin, throwOnError: true, body: { name: 'short-lived' } });
  const tab = await open('/nodes/short-lived');
  const { page } = tab;
  await page.getByText('There is no node short-lived').waitFor();
  await tab.expectAccessible();
  await created();
  await page.getByText('Waiting for its agent').waitFor();
  await removeNode({ client: cluster.admin, throwOnError: true, path: { id: 'short-lived' } });
  await page.getByText('Node short-lived has been removed').waitFor();
  await page.getByRole('link', { name: 'Back to the compute nodes' }).click();
  await page.waitForURL('**/nodes');
  await page.goto(`/nodes/${encodeURIComponent('<b>bold')}`);
  await page.getByText('There is no node <b>bold').waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('a viewer sees every button and why it is disabled; an api replica takes no actions', async () => {
  const tab = await open('/nodes/node-1', viewer.token);
  const { page } = tab;
  for (const name of ['Deactivate', 'Edit the labels of node-1', 'Edit the description of node-1']) {
    const button = page.getByRole('button', { name });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await button.hover();
    await page.getByRole('tooltip').getByText('Your role is viewer').last().waitFor();
  }
  await page.goto('/nodes/node-0');
  await panel(page, 'Conditions').getByText('Connected').waitFor();
  expect(await page.getByRole('button', { name: 'Deactivate' }).count()).toBe(0);
  await page.goto('/nodes/node-0/sessions');
  await page.getByText('It runs no sessions').waitFor();
  await tab.expectAccessible();
  tab.expectQuiet();
  await tab.close();
});

test('nothing looks live while the api is away', async () => {
  const tab = await open('/nodes/node-1');
  const { page } = tab;
  await panel(page, 'Identity').waitFor();
  await cluster.api.kill();
  const banner = page.locator('[data-banner="lost"]');
  await banner.getByText('may have changed since').waitFor();
  expect(await page.evaluate<boolean>('document.documentElement.hasAttribute("data-stale")')).toBe(true);
  await panel(page, 'Identity').waitFor();
  await cluster.api.start();
  await cluster.ready();
  await banner.waitFor({ state: 'detached' });
  tab.takeComplaints();
  await tab.close();
});

test('on the widest screen it is still one page', async () => {
  const tab = await open('/nodes/node-1/health', cluster.adminToken, { viewport: WIDEST });
  await panel(tab.page, 'CPU').waitFor();
  await tab.expectNoSideways();
  await tab.screenshot('node-health-widest');
  await tab.close();
});

test.each([
  ['light', DESKTOP],
  ['dark', DESKTOP],
  ['light', NARROW],
] as const)(
  'every tab, %s, in a window of %j: readable for screen readers, nothing sticks out',
  async (colorScheme, viewport) => {
    const tab = await open('/nodes/node-1', cluster.adminToken, { colorScheme, viewport });
    for (const path of TABS) {
      await tab.page.goto(`/nodes/node-1${path}`);
      await tab.page
        .getByRole('tabpanel')
        .getByRole(path === '/sessions' ? 'heading' : 'region')
        .first()
        .waitFor();
      await tab.expectAccessible();
      await tab.expectNoSideways();
      await tab.screenshot(`node${path.replace('/', '-')}-${colorScheme}-${viewport.width}`, { wholePage: true });
    }
    tab.expectQuiet();
    await tab.close();
  },
);
