import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  activateNode,
  cancelDrain,
  deactivateNode,
  editNode,
  getDrain,
  getNode,
  listDrains,
  sayGoodbye,
} from '../../client/index.js';
import { AgentUnderTest } from '../support/api/agent-under-test.js';
import { useBrowser } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';

/** Nodes without sessions, because of a check, a plan or a stopped agent, on their pages. */

const cluster = useCluster([], {
  DisconnectTimeout: '1h',
  Conditions: { Policies: { raid: { Policy: 'drain', ReturnAfter: '1h' }, fan: 'noNewSessions' } },
});
const browser = useBrowser();

const says = (type: string, status: string) => ({
  type,
  status,
  ageMs: 0,
  reason: status === 'FIT' ? 'Passed' : 'Degraded',
  message: `${type} is ${status}`,
  by: 'built-in',
});

test('the page shows which check took the node out, since when, and what brings it back', async () => {
  const agent = await new AgentUnderTest(cluster).join(cluster.joinToken, 'checked');
  const phase = async () =>
    (await getNode({ client: cluster.admin, path: { id: 'checked' }, throwOnError: true })).data.phase;
  const becomes = (expected: string) => eventually(async () => expect(await phase()).toBe(expected), 60_000);
  await agent.beat();
  await becomes('ACTIVE');
  await agent.beat({ conditions: [says('raid', 'UNFIT')] });
  await becomes('DRAINED');
  const tab = await browser.newTab(cluster.url);
  const { page } = await tab.signIn(cluster.adminToken, '/nodes/checked');
  const panel = page.getByRole('region', { name: 'Quarantine', exact: true });
  await panel.getByText('by raid').waitFor();
  await panel.getByText('raid: raid is UNFIT').waitFor();
  await panel.getByText('When raid and all other relevant checks have passed').waitFor();
  await tab.expectAccessible();
  await tab.screenshot('quarantine', { wholePage: true });
  await agent.beat({ conditions: [says('raid', 'FIT')] });
  await panel.getByText('if its checks keep passing').waitFor();
  await agent.beat({ conditions: [says('raid', 'UNFIT')] });
  await panel.getByText('When raid and all other relevant checks have passed').waitFor();
  await activateNode({ client: cluster.admin, path: { id: 'checked' }, throwOnError: true });
  await panel.getByText('It was activated despite raid').waitFor();
  await becomes('ACTIVE');
  tab.expectQuiet();
});

test('a node that only gets no new sessions says so', async () => {
  const agent = await new AgentUnderTest(cluster).join(cluster.joinToken, 'closed');
  await agent.beat();
  await agent.beat({ conditions: [says('fan', 'UNFIT')] });
  const tab = await browser.newTab(cluster.url);
  await tab.signIn(cluster.adminToken, '/nodes/closed');
  const panel = tab.page.getByRole('region', { name: 'Quarantine', exact: true });
  await panel.getByText('It gets no new sessions; running ones go on.').waitFor();
  await tab.page.getByRole('tab', { name: 'Sessions' }).click();
  await tab.page.getByText('gets no new sessions while it is in quarantine').waitFor();
});

test('a node whose agent was stopped is not shown as good', async () => {
  const agent = await new AgentUnderTest(cluster).join(cluster.joinToken, 'stopped');
  await agent.beat();
  await sayGoodbye({ client: agent.client, throwOnError: true, body: { bootId: agent.bootId, reason: 'SIGTERM' } });
  const tab = await browser.newTab(cluster.url);
  const { page } = await tab.signIn(cluster.adminToken, '/nodes/stopped');
  await page.getByText('Stopped', { exact: true }).first().waitFor();
  const liveness = page.locator('[data-condition="Liveness"]');
  await liveness.getByText('its agent said goodbye').waitFor();
  expect(await liveness.locator('[data-tone="ok"]').count()).toBe(0);
  await page.getByRole('tab', { name: 'Sessions' }).click();
  await page.getByText('gets no new sessions while it is unknown').waitFor();
  await tab.expectAccessible();
});

test('a maintenance window is created, changed, waited for by a drain and deleted', async () => {
  const agent = await new AgentUnderTest(cluster).join(cluster.joinToken, 'in-window');
  await agent.beat();
  await editNode({
    client: cluster.admin,
    path: { id: 'in-window' },
    body: { labels: { rack: 'w' } },
    throwOnError: true,
  });
  const tab = await browser.newTab(cluster.url);
  const { page } = await tab.signIn(cluster.adminToken, '/maintenance');
  const windows = page.getByRole('region', { name: 'Windows', exact: true });
  await windows.getByRole('button', { name: 'Create a window' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('saturday-night');
  await dialog.getByLabel('When').fill('0 25 * * SAT');
  await dialog.getByRole('button', { name: 'Create window' }).click();
  await dialog.getByText('It has no hour in “25”.').waitFor();
  await dialog.getByLabel('When').fill('0 2 * * SAT');
  await dialog.getByLabel('Time zone').fill('Europe/Berlin');
  await tab.expectAccessible();
  await tab.screenshot('maintenance-window-dialog');
  await dialog.getByRole('button', { name: 'Create window' }).click();
  await dialog.waitFor({ state: 'detached' });
  const row = windows.locator('[data-row]', { hasText: 'saturday-night' });
  await row.getByText('in Europe/Berlin, for 4h').waitFor();

  await page.goto(`${cluster.url}/drains`);
  await page.getByRole('button', { name: 'Start a drain' }).click();
  await dialog.getByLabel('Labels').fill('rack=w');
  await dialog.getByLabel('Labels').press('Enter');
  await dialog.getByLabel('Only within').selectOption('saturday-night');
  await dialog.getByRole('button', { name: 'Start a drain' }).click();
  await page.getByText('The drain waits for the window saturday-night.').waitFor();
  await page.getByText('Waiting for the window saturday-night').waitFor();
  await tab.expectAccessible();
  await tab.screenshot('drain-waits-for-window', { wholePage: true });

  await page.goto(`${cluster.url}/maintenance`);
  await page.getByText('1 set with 1 node to take out').waitFor();
  await tab.expectAccessible();
  await tab.screenshot('maintenance-windows', { wholePage: true });
  await row.getByRole('button', { name: 'Delete the window saturday-night' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByText('1 set runs within window saturday-night').waitFor();
  await page.keyboard.press('Escape');
  const { data } = await listDrains({ client: cluster.admin, throwOnError: true });
  await cancelDrain({ client: cluster.admin, throwOnError: true, path: { id: data.items[0]?.id ?? '' } });
  await row.getByRole('button', { name: 'Change the window saturday-night' }).click();
  await dialog.getByLabel('Open for').fill('2h');
  await dialog.getByRole('button', { name: 'Change', exact: true }).click();
  await row.getByText('for 2h').waitFor();
  await eventually(async () => {
    const { data: set } = await getDrain({
      client: cluster.admin,
      throwOnError: true,
      path: { id: data.items[0]?.id ?? '' },
    });
    expect(set.state).toBe('CANCELLED');
  });
  await row.getByRole('button', { name: 'Delete the window saturday-night' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await windows.getByText('There are none.').waitFor();
});

describe('maintenance', () => {
  const HOUR = 3_600_000;
  const node = async (id: string) => (await getNode({ client: cluster.admin, path: { id }, throwOnError: true })).data;

  async function active(id: string): Promise<void> {
    const agent = await new AgentUnderTest(cluster).join(cluster.joinToken, id);
    await agent.beat();
    await eventually(async () => expect((await node(id)).phase).toBe('ACTIVE'), 60_000);
  }

  /** Value of a field, in the browser's zone. */
  const typed = (page: Page, ms: number) =>
    page.evaluate((at) => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16), ms);

  test('is planned in the deactivate dialog, shown with who and why, and cancelled', async () => {
    await active('planned');
    const tab = await browser.newTab(cluster.url);
    const { page } = await tab.signIn(cluster.adminToken, '/nodes/planned');
    await page.getByRole('button', { name: 'Deactivate', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('new disks');
    const begins = Math.floor(Date.now() / 60_000) * 60_000 + 3 * HOUR;
    // A date alone must not mean now.
    await dialog.getByLabel('Begins').pressSequentially('01312027');
    await dialog.getByText('Enter both a date and a time.').first().waitFor();
    await dialog.getByLabel('Begins').fill(await typed(page, begins));
    await dialog.getByLabel('Ends').fill(await typed(page, begins - HOUR));
    await dialog.getByText('It ends before it begins: choose a later end.').first().waitFor();
    await dialog.getByLabel('Ends').fill(await typed(page, begins + HOUR));
    await dialog.getByLabel('Deadline', { exact: true }).fill('15m');
    await tab.expectAccessible();
    await dialog.getByRole('button', { name: 'Deactivate' }).click();
    await dialog.waitFor({ state: 'detached' });
    const panel = page.getByRole('region', { name: 'Maintenance', exact: true });
    await panel.getByText('by admin: new disks').waitFor();
    expect((await node('planned')).planned).toMatchObject({
      ...{ at: new Date(begins).toISOString(), until: new Date(begins + HOUR).toISOString(), deadline: '15m' },
    });
    await page.locator('[data-states]').getByText('out in').waitFor();
    await tab.expectAccessible();
    await tab.screenshot('maintenance', { wholePage: true });
    await page.getByRole('link', { name: 'Maintenance', exact: true }).click();
    const calendar = page.locator('[data-row]', { hasText: 'new disks' });
    await calendar.getByRole('link', { name: 'planned' }).waitFor();
    await tab.expectAccessible();
    await tab.screenshot('maintenance-calendar', { wholePage: true });
    await calendar.getByRole('link', { name: 'planned' }).click();
    await panel.getByRole('button', { name: 'Cancel it' }).click();
    const activate = page.getByRole('dialog');
    await activate.getByText('Its planned deactivation is cancelled.').waitFor();
    await activate.getByRole('button', { name: 'Activate' }).click();
    await panel.waitFor({ state: 'detached' });
    expect((await node('planned')).planned).toBeNull();
    tab.expectQuiet();
  });

  test('of a node that comes back by itself shows when, and its end can be changed', async () => {
    await active('back');
    const until = new Date(Date.now() + HOUR).toISOString();
    await deactivateNode({ client: cluster.admin, throwOnError: true, path: { id: 'back' }, body: { until } });
    const tab = await browser.newTab(cluster.url);
    const { page } = await tab.signIn(cluster.adminToken, '/nodes/back');
    await page.locator('[data-states]').getByText('back in').waitFor();
    const panel = page.getByRole('region', { name: 'Maintenance', exact: true });
    await panel.getByRole('button', { name: 'Change its end' }).click();
    const dialog = page.getByRole('dialog');
    const later = Math.floor(Date.now() / 60_000) * 60_000 + 5 * HOUR;
    await dialog.getByLabel('Ends').fill(await typed(page, later));
    await dialog.getByRole('button', { name: 'Deactivate' }).click();
    await dialog.waitFor({ state: 'detached' });
    await eventually(async () => expect((await node('back')).until).toBe(new Date(later).toISOString()), 60_000);
  });
});
