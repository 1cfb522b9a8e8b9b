import { beforeAll, expect, test } from '@jest/globals';
import { createNode, revokeApiToken } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { Browser, NARROW, useBrowser } from '../support/browser/browser.js';
import { NodeList } from '../support/browser/node-list.js';
import type { Tab } from '../support/browser/tab.js';
import { useCluster, useViewer } from '../support/cluster/use-cluster.js';

const SLOTS = Array.from({ length: 30 }, (_, index) => `slot-${String(index).padStart(2, '0')}`);
const HOSTILE = '<img src=x onerror=alert(1)>';

const cluster = useCluster(['node-1', 'node-2'], { DisconnectTimeout: '2m', UnknownTimeout: '2m' });
const browser = useBrowser();
const viewer = useViewer(cluster);

beforeAll(async () => {
  await Promise.all(
    SLOTS.map((name, index) =>
      createNode({
        client: cluster.admin,
        throwOnError: true,
        body: { name, labels: { pool: index % 2 === 0 ? 'even' : 'odd', [`n${index}`]: '' }, description: HOSTILE },
      }),
    ),
  );
  // Names and labels are validated on input; anything else in a database is still only text to the page.
  await cluster.db
    .collection('nodes')
    .updateOne({ name: 'slot-00' }, { $set: { labels: [{ key: HOSTILE, value: HOSTILE }] } });
});

const open = (path?: string, token?: string, options?: Parameters<Browser['newTab']>[1]) =>
  NodeList.open(browser, cluster, { path, token, ...options });

function search(tab: Tab): string {
  return new URL(tab.page.url()).search;
}

test('a wrong token is refused, a right one opens the requested page, and signing out returns to the sign-in page', async () => {
  const tab = await browser.newTab(cluster.url);
  const { page } = tab;
  await page.goto('/nodes?phase=ACTIVE');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Enter a token.').waitFor();
  await page.getByLabel('API token').fill('rca_0123456789abcdef_nonsense');
  await page.keyboard.press('Enter');
  await page.getByText('This token is not valid').waitFor();
  await tab.expectAccessible();

  await page.getByLabel('API token').fill(` ${cluster.adminToken}\n`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await new NodeList(page).row('node-1').waitFor();
  expect(search(tab)).toBe('?phase=ACTIVE');
  expect(await page.evaluate<string>('document.cookie + JSON.stringify(localStorage)')).not.toContain('rca_');

  await page.getByRole('button', { name: 'Signed in as' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('API token').waitFor();
  expect(await page.getByText('Your login has ended').count()).toBe(0);
  await page.reload();
  await page.getByLabel('API token').waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('every column shows its part of a node, and the tiles count the fleet', async () => {
  const [tab, list] = await open('/nodes?phase=ACTIVE');
  const { page } = tab;
  const said = async (column: string) => list.cell('node-1', column).innerText();
  await page.getByRole('button', { name: 'Columns and density' }).click();
  for (const column of ['Connections', 'Type']) await page.getByRole('checkbox', { name: column }).check();
  await page.keyboard.press('Escape');
  await eventually(async () => {
    expect([await said('Type'), await said('Phase'), await said('Status')]).toEqual(['Compute', 'Active', 'Healthy']);
    expect(await said('Last heartbeat')).toMatch(/^\d+ s ago$/);
    expect([await said('CPU'), await said('Memory')].every((text) => /^\d+ %$/.test(text))).toBe(true);
    expect(Number(await said('Connections'))).toBeGreaterThanOrEqual(0);
    expect([await said('Sessions'), await said('Labels')]).toEqual(['0', 'none']);
    expect(await said('Version')).toMatch(/^\d+\.\d+\.\d+/);
  });
  // The exact time, in the viewer's zone.
  expect(await list.cell('node-1', 'Last heartbeat').locator('time').getAttribute('title')).toMatch(
    /^\d+ \w+ \d{4}(,| at) \d\d:\d\d:\d\d (CET|CEST|GMT[+]\d)$/,
  );

  const tile = (title: string) => page.locator(`[data-tile="${title}"]`);
  expect(await tile('Nodes').innerText()).toContain(String(SLOTS.length + 3));
  expect(await tile('Nodes').innerText()).toContain(`${SLOTS.length} registered`);
  for (const title of ['Healthy', 'Warnings', 'Draining', 'Sessions', 'CPU', 'Memory']) await tile(title).waitFor();
  // Unused slots do not count as unknown.
  expect(await tile('Healthy').innerText()).not.toMatch(/unknown/);
  await page.goto('/nodes?phase=ACTIVE&sort=-id&limit=100');
  await tile('Nodes').getByRole('link', { name: 'registered' }).click();
  await list.row('slot-00').waitFor();
  expect(search(tab)).toBe('?phase=REGISTERED&sort=-id&limit=100');
  expect(await list.cell('slot-00', 'Labels').innerText()).toBe(`${HOSTILE}=${HOSTILE}`);
  expect(await page.locator('main img').count()).toBe(0);
  await tab.screenshot('compute-nodes');
  await tab.expectAccessible();
  tab.expectQuiet();
  await tab.close();
});

test('filters and order are in the address, and the back button restores them', async () => {
  const [tab, list] = await open();
  const { page } = tab;
  await list.row('node-1').waitFor();
  await page.getByRole('combobox', { name: 'Phase' }).click();
  await page.getByRole('option', { name: 'Registered' }).click();
  await page.keyboard.press('Escape');
  await eventually(() => expect(search(tab)).toBe('?phase=REGISTERED'));
  await page.getByRole('combobox', { name: 'Labels' }).fill('pool=odd');
  await page.keyboard.press('Enter');
  await page.getByRole('searchbox', { name: 'Search by ID, hostname, label or description' }).fill('t-1');
  await eventually(async () => {
    expect(search(tab)).toBe('?phase=REGISTERED&label=pool%3Dodd&q=t-1');
    expect(await list.ids()).toEqual(['slot-11', 'slot-13', 'slot-15', 'slot-17', 'slot-19']);
  });
  await page.getByRole('button', { name: 'ID', exact: true }).click();
  await eventually(async () =>
    expect(await list.ids()).toEqual(['slot-19', 'slot-17', 'slot-15', 'slot-13', 'slot-11']),
  );
  expect(await page.getByRole('columnheader', { name: 'ID' }).getAttribute('aria-sort')).toBe('descending');
  for (const [head, sort] of [
    ['Phase', 'phase'],
    ['Sessions', 'activeSessions'],
    ['Last heartbeat', 'lastHeartbeat'],
  ] as const) {
    await page.getByRole('button', { name: head, exact: true }).click();
    await eventually(async () =>
      expect([
        new URL(page.url()).searchParams.get('sort'),
        await page.getByRole('columnheader', { name: head }).getAttribute('aria-sort'),
      ]).toEqual([sort, 'ascending']),
    );
  }
  await page.getByRole('button', { name: 'ID', exact: true }).click();
  await page.getByRole('button', { name: 'ID', exact: true }).click();
  await eventually(() => expect(new URL(page.url()).searchParams.get('sort')).toBe('-id'));
  const address = page.url();

  await page.getByRole('button', { name: 'Clear filters' }).click();
  await eventually(() => expect(search(tab)).toBe('?sort=-id'));
  await page.goBack();
  await eventually(async () =>
    expect(await list.ids()).toEqual(['slot-19', 'slot-17', 'slot-15', 'slot-13', 'slot-11']),
  );
  expect(page.url()).toBe(address);
  expect(await page.getByRole('searchbox', { name: 'Search by ID, hostname, label or description' }).inputValue()).toBe(
    't-1',
  );

  await page.getByRole('combobox', { name: 'Type' }).selectOption('Requester');
  await page.getByText('No node matches this filter').waitFor();
  await tab.expectAccessible();
  await page.getByRole('main').getByRole('button', { name: 'Clear filters' }).last().click();
  await list.row('node-2').waitFor();

  // For any address the list is shown, or says what to do.
  await page.goto('/nodes?phase=NONSENSE&type=Compute&sort=colour&limit=7');
  await list.row('node-1').waitFor();
  await page.goto('/nodes?cursor=nonsense');
  await page.getByRole('button', { name: 'Back to the first page' }).click();
  await list.row('node-1').waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('the list is paged by the api, forwards and backwards', async () => {
  const [tab, list] = await open('/nodes?limit=25');
  const { page } = tab;
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await pages.getByText(`1 to 25 of ${SLOTS.length + 3}`).waitFor();
  const first = await list.ids();
  await pages.getByRole('button', { name: 'Next' }).click();
  await pages.getByText(`26 to ${SLOTS.length + 3} of ${SLOTS.length + 3}`).waitFor();
  const second = await list.ids();
  expect([...first, ...second]).toEqual(['node-0', 'node-1', 'node-2', ...SLOTS]);
  expect(await pages.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
  // A reloaded page still knows its position, and the way back.
  await page.reload();
  await eventually(async () => expect(await list.ids()).toEqual(second));
  await pages.getByText(`26 to ${SLOTS.length + 3} of ${SLOTS.length + 3}`).waitFor();
  await pages.getByRole('button', { name: 'Previous' }).click();
  await eventually(async () => expect(await list.ids()).toEqual(first));
  await pages.getByLabel('Nodes per page').selectOption('100');
  await eventually(async () => expect((await list.ids()).length).toBe(SLOTS.length + 3));
  expect(search(tab)).toBe('?limit=100');
  await page.getByRole('button', { name: 'Last heartbeat' }).click();
  // Only nodes that have beaten have a place in this order.
  await eventually(async () => expect((await list.ids()).slice(-3).every((id) => id.startsWith('node-'))).toBe(true));
  tab.expectQuiet();
  await tab.close();
});

test('a viewer sees every button and why it is disabled, until the token is revoked', async () => {
  const [tab, list] = await open('/nodes?type=Compute', viewer.token);
  const { page } = tab;
  const why = 'Your role is viewer: this takes an operator.';
  await page.getByRole('button', { name: 'Signed in as looker viewer' }).waitFor();
  const register = page.getByRole('button', { name: 'Register Node' });
  await register.hover();
  await page.getByRole('tooltip').getByText(why).waitFor();
  // For screen readers: the reason is the button's description, and the button is in the tab order.
  expect(
    await page
      .locator(`[id="${(await register.getAttribute('aria-describedby'))?.split(' ')[0] ?? ''}"]`)
      .textContent(),
  ).toBe(why);
  await register.focus();
  await register.press('Enter');
  expect(await page.getByRole('dialog').count()).toBe(0);

  await list.openMenu('node-1');
  const items = page.getByRole('menuitem');
  expect(await items.count()).toBe(6);
  for (const item of await items.all()) {
    expect(await item.getAttribute('aria-disabled')).toBe('true');
    expect(await item.innerText()).toContain(why);
  }
  await tab.expectAccessible();
  await items.last().click({ force: true });
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('Escape');

  await revokeApiToken({ client: cluster.admin, throwOnError: true, path: { id: viewer.id } });
  await page.getByText('Your login has ended').waitFor();
  await page.getByLabel('API token').fill(cluster.adminToken);
  await page.keyboard.press('Enter');
  await list.row('node-1').waitFor();
  expect(search(tab)).toBe('?type=Compute');
  tab.expectQuiet();
  await tab.close();
});

test('the page works narrow, dark and by keyboard alone', async () => {
  const [tab, list] = await open('/nodes', cluster.adminToken, { colorScheme: 'dark', viewport: NARROW });
  const { page } = tab;
  await list.row('node-1').waitFor();
  await tab.expectAccessible();
  await tab.expectNoSideways();
  await tab.screenshot('compute-nodes-narrow-dark', { wholePage: true });
  // The control's longest option fits beside its icon and its arrow.
  const [longest, room] = await page.evaluate<[number, number]>(`(() => {
    const control = document.querySelector('select[aria-label="How often the page refreshes"]');
    const { font, paddingLeft, paddingRight } = getComputedStyle(control);
    const pen = document.createElement('canvas').getContext('2d');
    pen.font = font;
    const widths = [...control.options].map(({ text }) => pen.measureText(text).width);
    return [Math.max(...widths), control.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)];
  })()`);
  expect(longest).toBeLessThanOrEqual(room);
  await page.getByRole('button', { name: 'Open the navigation' }).press('Enter');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Compute Nodes' }).waitFor();
  await page.keyboard.press('Escape');
  // The skip link is the first element in the tab order.
  await page.reload();
  await list.row('node-1').waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate<string>('document.activeElement.id')).toBe('main');

  await page.setViewportSize({ width: 1_440, height: 900 });
  await page.getByRole('button', { name: 'Actions for node-1' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Remove node-1' });
  await dialog.waitFor();
  await tab.expectAccessible();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  const scheme = () => page.evaluate<string>('document.documentElement.dataset.mantineColorScheme');
  expect(await scheme()).toBe('dark');
  await page.getByRole('button', { name: /^Colours: like the system/ }).click();
  await eventually(async () => expect(await scheme()).toBe('light'));
  await page.reload();
  await list.row('node-1').waitFor();
  expect(await scheme()).toBe('light');
  tab.expectQuiet();
  await tab.close();
});
