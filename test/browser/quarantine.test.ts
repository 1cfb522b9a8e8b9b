import { expect, test } from '@jest/globals';
import { activateNode, getNode, sayGoodbye } from '../../client/index.js';
import { AgentUnderTest } from '../support/api/agent-under-test.js';
import { useBrowser } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';

/** Nodes that get no sessions, by a check or since their agents were stopped, as their pages tell it. */

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

test('the page says which check took the node out, since when, and what brings it back', async () => {
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
  await panel.getByText('When raid and all others that count have passed').waitFor();
  await tab.expectAccessible();
  await tab.screenshot('quarantine', { wholePage: true });
  await agent.beat({ conditions: [says('raid', 'FIT')] });
  await panel.getByText('if its checks go on to pass').waitFor();
  await agent.beat({ conditions: [says('raid', 'UNFIT')] });
  await panel.getByText('When raid and all others that count have passed').waitFor();
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
  await panel.getByText('It gets no new sessions; what runs goes on.').waitFor();
  await tab.page.getByRole('tab', { name: 'Sessions' }).click();
  await tab.page.getByText('gets no new sessions while it is in quarantine').waitFor();
});

test('a node whose agent was stopped is shown as nothing that is well', async () => {
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
