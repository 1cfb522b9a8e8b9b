import { expect, test } from '@jest/globals';
import { listAudit } from '../../client/index.js';
import { useBrowser, useTab } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';

const NODES = ['node-1', 'node-2', 'node-3'];

const cluster = useCluster(NODES, { MassSilence: { Share: 0.25, AtLeast: 2 } });
const browser = useBrowser();
const tab = useTab(browser, cluster, '/nodes');

const banner = () => tab.page.locator('[data-banner="mass-silence"]');

test('a mass silence has a banner on every page, which says what to check and that nothing is lost, until a person releases it', async () => {
  expect(await banner().count()).toBe(0);
  await Promise.all([...cluster.agents.values()].map((agent) => agent.kill()));
  await banner().waitFor({ timeout: 60_000 });
  expect(await banner().innerText()).toMatch(
    /[23] of 3 nodes are silent.*balancer, DNS, certificate.*no session is given up/s,
  );
  await tab.expectAccessible();
  await tab.screenshot('mass-silence');
  await tab.page.goto('/sessions');
  await banner().waitFor();

  await banner().getByRole('button', { name: 'Give up silent nodes' }).click();
  await tab.page.getByLabel('Reason').fill('the hall burnt down');
  await tab.expectAccessible();
  await tab.page.getByRole('button', { name: 'Give them up' }).click();
  await banner().waitFor({ state: 'detached' });
  const { data } = await listAudit({
    client: cluster.admin,
    query: { type: ['MassSilenceBegan', 'MassSilenceEnded', 'MassSilenceReleased'] },
  });
  expect(data?.items.map(({ type, reason }) => [type, type === 'MassSilenceReleased' && reason])).toEqual([
    ['MassSilenceReleased', 'the hall burnt down'],
    ['MassSilenceBegan', false],
  ]);
  tab.expectQuiet();
}, 120_000);
