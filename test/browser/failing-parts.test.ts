import { describe, expect, test } from '@jest/globals';
import type { Route } from 'playwright-core';
import { createApiToken } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { useBrowser } from '../support/browser/browser.js';
import { NodeList } from '../support/browser/node-list.js';
import type { Tab } from '../support/browser/tab.js';
import { useCluster } from '../support/cluster/use-cluster.js';

const DIALOGS = '**/assets/dialog-host-*.js';
const NODE_PAGE = '**/assets/node-page-*.js';
const abort = (route: Route) => route.abort('connectionrefused');

const cluster = useCluster(['node-1']);
const browser = useBrowser();

/** A tab that gets the files matched by `files` only once `routed` lets it. */
async function open(files: string, routed: (route: Route) => unknown): Promise<[Tab, NodeList]> {
  const tab = await browser.newTab(cluster.url);
  await tab.page.route(files, routed);
  await tab.signIn(cluster.adminToken, '/nodes');
  const list = new NodeList(tab.page);
  await list.row('node-1').waitFor();
  return [tab, list];
}

/** A marker that a reload removes. */
const mark = (tab: Tab) => tab.page.evaluate('globalThis.marked = true');
const isMarked = (tab: Tab) => tab.page.evaluate<boolean>('globalThis.marked === true');

test('a dialog that cannot be loaded says so and can be tried again; the page stays', async () => {
  const [tab, list] = await open(DIALOGS, abort);
  const { page } = tab;
  await mark(tab);
  await list.openMenu('node-1');
  await list.item('Deactivate').click();
  await page.getByRole('alert').getByText('This dialog cannot be shown').waitFor();
  await tab.screenshot('dialog-not-loaded');
  await tab.expectAccessible();
  await list.row('node-1').waitFor();
  await page.unroute(DIALOGS);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('dialog', { name: 'Deactivate node-1' }).waitFor();
  expect(await isMarked(tab)).toBe(true);
  tab.takeComplaints();
  await tab.close();
});

test('the first press is answered while the dialog is loading', async () => {
  let want = (): void => undefined;
  const wanted = new Promise<void>((resolve) => (want = resolve));
  const [tab, list] = await open(DIALOGS, (route) => wanted.then(() => route.continue()));
  const { page } = tab;
  await list.openMenu('node-1');
  await list.item('Deactivate').click();
  await page.getByRole('dialog', { name: 'Opening' }).getByText('Loading the dialog').waitFor({ state: 'attached' });
  await tab.screenshot('dialog-on-its-way');
  want();
  await page.getByRole('dialog', { name: 'Deactivate node-1' }).waitFor();
  expect(await page.getByRole('dialog', { name: 'Opening' }).count()).toBe(0);
  tab.expectQuiet();
  await tab.close();
});

test('a page that cannot be loaded leaves header and navigation, and loads with the next attempt', async () => {
  const [tab, list] = await open(NODE_PAGE, abort);
  const { page } = tab;
  await list.row('node-1').getByRole('link', { name: 'node-1' }).click();
  await page.getByRole('alert').getByText('This page cannot be shown').waitFor();
  await tab.expectAccessible();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Compute Nodes' }).click();
  await list.row('node-1').waitFor();
  await page.unroute(NODE_PAGE);
  await list.row('node-1').getByRole('link', { name: 'node-1' }).click();
  await page.getByRole('tab', { name: 'Overview' }).waitFor();
  tab.takeComplaints();
  await tab.close();
});

test('a page from before an upgrade reloads once, and asks its reader if that was not enough', async () => {
  const [tab, list] = await open(DIALOGS, (route) => route.fulfill({ status: 404, body: 'of another build' }));
  const { page } = tab;
  await page.route(`${cluster.url}/`, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace('/assets/index-', '/assets/later-') });
  });
  await mark(tab);
  await list.openMenu('node-1');
  await list.item('Deactivate').click();
  await eventually(async () => expect(await isMarked(tab)).toBe(false));
  await mark(tab);
  await list.openMenu('node-1');
  await list.item('Deactivate').click();
  await page.getByText('Rollcall was upgraded').waitFor();
  expect(await isMarked(tab)).toBe(true);
  await tab.screenshot('upgraded');
  tab.takeComplaints();
  await tab.close();
});

test('an answer that one tab cannot show leaves the other tabs working', async () => {
  const SESSIONS = '**/v1/nodes/node-1/sessions';
  const [tab] = await open(SESSIONS, (route) => route.fulfill({ json: { source: 'workflow', reportedAt: null } }));
  const { page } = tab;
  await page.goto('/nodes/node-1/sessions');
  await page.getByText('This tab cannot be shown').waitFor();
  await page.getByRole('tab', { name: 'Overview' }).click();
  await page.getByRole('region', { name: 'Identity' }).waitFor();
  await page.unroute(SESSIONS);
  await page.getByRole('tab', { name: 'Sessions' }).click();
  await page.getByText('No sessions', { exact: true }).waitFor();
  tab.takeComplaints();
  await tab.close();
});

test('the browser asks before a token that nobody has copied is lost, and not afterwards', async () => {
  const [tab] = await open('**/nothing', abort);
  const { page } = tab;
  await page.getByRole('button', { name: 'Register Node' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('slot-1');
  await form.getByRole('button', { name: 'Generate token' }).click();
  await form.getByText('this token is shown only once').waitFor();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate('setTimeout(() => location.reload())');
  // The tab stays, as if a person had declined to leave.
  await eventually(() => expect(tab.takeComplaints()).toEqual([expect.stringMatching(/^dialog: /)]));
  await page.getByRole('button', { name: 'Copy the token' }).click();
  await page.getByText('Copied. Keep it like a password.').waitFor();
  await page.reload();
  await new NodeList(page).row('slot-1').waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('unsaved input for a node is still there after a change of the tab', async () => {
  const [tab] = await open('**/nothing', abort);
  const { page } = tab;
  await page.goto('/nodes/node-1');
  await page.getByRole('button', { name: 'Edit the description of node-1' }).click();
  await page.getByRole('textbox', { name: 'Description' }).fill('half a sentence');
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.waitForURL('**/events');
  await page.getByRole('tab', { name: 'Overview' }).click();
  expect(await page.getByRole('textbox', { name: 'Description' }).inputValue()).toBe('half a sentence');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Edit the description of node-1' }).click();
  expect(await page.getByRole('textbox', { name: 'Description' }).inputValue()).toBe('');
  await page.getByRole('button', { name: 'Cancel' }).click();
  tab.expectQuiet();
  await tab.close();
});

describe('a login that expires while a dialog is open', () => {
  const WHY = 'new disks, as Ana wrote on Tuesday';
  const signInAgain = async (page: Tab['page'], token: string) => {
    await page.getByLabel('API token').fill(token);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Signed in as/ }).waitFor();
  };
  const end = async (tab: Tab) => {
    await tab.page.context().clearCookies();
    await tab.page.getByText('Your login has ended. Sign in again as admin').waitFor();
  };

  test('hides the input of a dialog, and shows it again to the same person', async () => {
    const [tab, list] = await open(DIALOGS, (route) => route.continue());
    const { page } = tab;
    const dialog = await list.openDialog('node-1', 'Deactivate');
    await dialog.getByLabel('Reason').fill(WHY);
    await dialog.getByLabel('Deadline', { exact: true }).fill('45m');
    await dialog.getByRole('radio', { name: 'Terminate remaining sessions' }).check();
    await end(tab);
    await page.getByText('Your input is kept.').waitFor();
    expect(await page.title()).toBe('Sign in · Rollcall');
    // Nothing of it is visible or reachable by keyboard.
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.getByText('node-1').filter({ visible: true }).count()).toBe(0);
    expect(await page.evaluate('document.activeElement?.getAttribute("autocomplete")')).toBe('current-password');
    await tab.screenshot('login-ended');
    await tab.expectAccessible();
    await signInAgain(page, cluster.adminToken);
    await dialog.waitFor();
    expect(await dialog.getByLabel('Reason').inputValue()).toBe(WHY);
    expect(await dialog.getByLabel('Deadline', { exact: true }).inputValue()).toBe('45m');
    expect(await dialog.getByRole('radio', { name: 'Terminate remaining sessions' }).isChecked()).toBe(true);
    await tab.expectAccessible();
    await dialog.getByRole('button', { name: 'Deactivate' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await cluster.node('node-1')).availability.reason).toBe(WHY);
    // The page still works.
    await list.cell('node-1', 'Phase').getByText('Drained').waitFor();
    tab.expectQuiet();
    await tab.close();
  });

  test("hides the input of a page's dialog, and never shows it to another person", async () => {
    const [tab] = await open(DIALOGS, (route) => route.continue());
    const { page } = tab;
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.getByRole('button', { name: 'Open a session' }).first().click();
    const query = page.getByRole('dialog').getByLabel('Query');
    await query.fill('select 42');
    await end(tab);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await signInAgain(page, cluster.adminToken);
    expect(await query.inputValue()).toBe('select 42');
    await end(tab);
    const { data } = await createApiToken({
      client: cluster.admin,
      throwOnError: true,
      body: { name: 'somebody-else', role: 'operator' },
    });
    await signInAgain(page, data.token);
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.content()).not.toContain('select 42');
    tab.expectQuiet();
    await tab.close();
  });

  test('drops a visible token', async () => {
    const [tab] = await open(DIALOGS, (route) => route.continue());
    const { page } = tab;
    await page.getByRole('button', { name: 'Register Node' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('slot-of-a-login');
    await form.getByRole('button', { name: 'Generate token' }).click();
    await form.getByText('this token is shown only once').waitFor();
    expect(await page.content()).toMatch(/rcb_\w+/);
    await end(tab);
    expect(await page.content()).not.toMatch(/rcb_\w+/);
    await signInAgain(page, cluster.adminToken);
    await new NodeList(page).row('slot-of-a-login').waitFor();
    expect(await page.content()).not.toMatch(/rcb_\w+/);
    tab.expectQuiet();
    await tab.close();
  });
});
