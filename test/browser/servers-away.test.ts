import { describe, expect, test } from '@jest/globals';
import { deactivateNode } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { NodeList } from '../support/browser/node-list.js';
import { useBrowser, useTab } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';

const cluster = useCluster(['node-1']);
const browser = useBrowser();
const tab = useTab(browser, cluster, '/nodes');

const banner = () => tab.page.locator('[data-banner="lost"]');
const row = () => tab.page.locator('tr[data-node="node-1"]');

test('when the api is away, a banner says since when the data is old, nothing looks live, and the data stays visible', async () => {
  await row().waitFor();
  expect(await banner().count()).toBe(0);
  await cluster.api.kill();
  await banner().waitFor();
  expect(await banner().innerText()).toMatch(/What you see is from \d{1,2}:\d{2}.* ago, and may have changed since/s);
  expect(await tab.page.getByRole('alert').first().innerText()).toMatch(/cannot be reached/);
  expect(await tab.page.evaluate('document.documentElement.hasAttribute("data-stale")')).toBe(true);
  expect(
    await tab.page.evaluate(`getComputedStyle(document.querySelector('tr[data-node="node-1"] .live')).filter`),
  ).toBe('grayscale(1)');
  expect(await row().innerText()).toContain('node-1');
  await tab.screenshot('api-away');
  await tab.expectAccessible();
});

test('trying again meanwhile shows the same', async () => {
  await tab.page.getByRole('button', { name: 'Try again' }).click();
  await banner().waitFor();
  expect(await banner().innerText()).toMatch(/ago/);
});

test('when the api is back the page is live again, without a reload and without signing in again', async () => {
  await tab.page.evaluate('window.sameDocument = true');
  await cluster.api.start();
  await cluster.ready();
  await banner().waitFor({ state: 'detached', timeout: 30_000 });
  expect(await tab.page.evaluate('window.sameDocument')).toBe(true);
  expect(await tab.page.evaluate('document.documentElement.hasAttribute("data-stale")')).toBe(false);
  await tab.page.getByRole('heading', { level: 1, name: 'Compute Nodes' }).waitFor();
  await row().waitFor();
});

test('a link to a node works as before', async () => {
  await tab.page.goto('/nodes/node-1');
  await tab.page.getByRole('heading', { level: 1 }).filter({ hasText: 'node-1' }).waitFor();
  tab.expectQuiet();
});

describe('while Temporal is away', () => {
  const list = () => new NodeList(tab.page);
  const notJudged = () => tab.page.locator('[data-banner="temporal"]');

  test('the page says since when nodes are not judged; one that falls silent is not healthy in row, tile or header', async () => {
    await tab.page.goto('/nodes');
    await row().waitFor();
    expect(await notJudged().count()).toBe(0);
    await cluster.temporal.kill();
    await notJudged().waitFor({ timeout: 60_000 });
    expect(await notJudged().innerText()).toMatch(
      /Liveness is not being judged since \d{1,2}:\d{2}:\d{2}.*Temporal does not answer.*stay as they were last judged/s,
    );
    await cluster.agents.get('node-1')?.kill();
    await list().cell('node-1', 'Status').getByText('Not judged').waitFor();
    expect(await list().cell('node-1', 'Status').innerText()).toMatch(/^Unknown/);
    expect(
      await row()
        .locator('[data-tone="ok"]', { hasText: /healthy/i })
        .count(),
    ).toBe(0);
    // The record still has the workflow's last state.
    expect((await cluster.node('node-1')).liveness.value).toBe('HEALTHY');
    const tile = tab.page.locator('[data-tile="Healthy"]');
    await tile.getByText('1 not judged').waitFor({ timeout: 60_000 });
    expect(await tile.innerText()).not.toMatch(/all of them/);
    await tab.screenshot('not-judged');
    await tab.expectAccessible();
  });

  test('the sessions that a drain waits for are shown as unknown, and a decision that is not applied has a reason', async () => {
    await deactivateNode({ client: cluster.admin, throwOnError: true, path: { id: 'node-1' }, body: {} });
    await tab.page.goto('/nodes/node-1');
    await tab.page.getByText('The sessions that it waits for are not known yet').waitFor();
    expect(await tab.page.getByText('No sessions are left').count()).toBe(0);
    await tab.page.getByRole('heading', { level: 1, name: 'node-1' }).waitFor();
    const states = tab.page.locator('[data-states]');
    expect(await states.innerText()).toMatch(/Draining\s+Unknown\s+Not judged/);
    expect(await tab.page.locator('[data-condition="Liveness"]').innerText()).toMatch(/Unknown.*not judged yet/s);
    await tab.page.getByText(/The last decision has not been applied for \d+ s/).waitFor({ timeout: 60_000 });
    await tab.page.getByText(/has had no effect yet. Temporal does not answer \(.+\): it is applied once/).waitFor();
    await tab.screenshot('not-applied');
    await tab.expectAccessible();
  });

  test('the overview counts overdue nodes and pending decisions, and does not say that all is well', async () => {
    const { page } = tab;
    await page.goto('/');
    await page.locator('[data-attention="overdue"]').getByText('1 node is overdue').waitFor({ timeout: 60_000 });
    await page.locator('[data-attention="unapplied"]').getByText('1 node has a decision that is not applied').waitFor();
    await page.locator('[data-attention="unknown"]').getByText('is not known').waitFor();
    expect(await page.locator('[data-attention="none"]').count()).toBe(0);
    const controlPlane = page.getByRole('region', { name: 'Control plane' });
    const fact = (name: string) =>
      controlPlane.locator('dl > div', { has: page.getByText(name, { exact: true }) }).locator('dd');
    await fact('Temporal').getByText('Does not answer').waitFor();
    // A server that cannot be asked is shown neither as working nor as failed.
    await fact('Workers').getByText('Not known').waitFor();
    expect(await fact('MongoDB').locator('[data-tone]').getAttribute('data-tone')).toBe('ok');
    await page.locator('[data-state="overdue"]').getByText('1 not judged').waitFor({ timeout: 60_000 });
    expect(await page.locator('[data-state="healthy"]').count()).toBe(0);
    await tab.screenshot('overview-not-judged', { wholePage: true });
    await tab.expectAccessible();
    await page.locator('[data-attention="unapplied"]').click();
    await row().waitFor();
    expect(new URL(page.url()).search).toBe('?attention=unapplied');
    await page.goto('/nodes/node-1');
    await page.getByRole('heading', { level: 1, name: 'node-1' }).waitFor();
  });

  test('when it is back the node is judged, the decision is applied, and both notices end', async () => {
    await cluster.temporal.start();
    await notJudged().waitFor({ state: 'detached', timeout: 60_000 });
    await eventually(async () => expect((await cluster.node('node-1')).phase).toBe('DRAINED'), 60_000);
    await tab.page.locator('[data-states]').getByText('Drained').waitFor();
    await tab.page.getByText('has not been applied for').waitFor({ state: 'detached' });
    expect((await cluster.node('node-1')).overdue).toBe(false);
    // The workflow writes the last heartbeat in UTC; the page shows it in the viewer's zone.
    const why = (await cluster.node('node-1')).liveness.reason;
    expect(why).toMatch(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/);
    const said = tab.page.locator('[data-condition="Liveness"]');
    await said.getByText(/Unhealthy|Unknown/).waitFor();
    expect(await said.innerText()).toMatch(/\d{1,2} \w{3} \d{4}.* (CET|CEST|GMT\+\d)/);
    expect(await said.innerText()).not.toMatch(/T[\d:.]+Z/);
    tab.takeComplaints();
  });
});
