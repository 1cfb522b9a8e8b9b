import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { deactivateNode } from '../../client/index.js';
import { program } from '../../embedded/installation.js';
import { eventually } from '../support/eventually.js';
import { useBrowser, useTab } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';

const cluster = useCluster(['node-1']);
const browser = useBrowser();
const tab = useTab(browser, cluster, '/nodes');
const banner = () => tab.page.locator('[data-banner="workers"]');

async function command(...args: string[]): Promise<string> {
  const env = { ...process.env, ROLLCALL_SERVER: cluster.url, ROLLCALL_TOKEN: cluster.adminToken };
  return (await promisify(execFile)(process.execPath, [program('cli/main.js'), ...args], { env })).stdout;
}

test('while workers work, nothing is said of them', async () => {
  await eventually(async () =>
    expect((await cluster.readiness()).body).toMatchObject({ workers: { ok: true, detail: 'take what waits' } }),
  );
  expect(await banner().count()).toBe(0);
  expect(await command('cluster')).not.toContain('Not judged');
});

test('killed workers are reported by the page, the CLI and a decision that waits for them', async () => {
  await cluster.worker.kill();
  await deactivateNode({ client: cluster.admin, throwOnError: true, path: { id: 'node-1' }, body: {} });
  await banner().waitFor({ timeout: 60_000 });
  expect(await banner().innerText()).toMatch(
    /Liveness is not being judged since \d{1,2}:\d{2}:\d{2}.*No worker runs, or none takes work.*decisions wait\. Start a worker/s,
  );
  const { status, body } = await cluster.readiness();
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { ready: true, temporal: { ok: true }, workers: { ok: false, since: expect.any(String) } },
  });
  expect(await command('cluster')).toMatch(/Not judged +since .*Z: No worker runs/);
  expect(await command('node', 'describe', 'node-1')).toMatch(/not applied for .*No worker runs, or none takes work/);
  await tab.page.goto('/nodes/node-1');
  await tab.page.getByText(/has had no effect yet. No worker runs, or none takes work/).waitFor();
  await tab.screenshot('no-worker');
  await tab.expectAccessible();
});

test('once a worker runs, the decision is applied and the report ends', async () => {
  await cluster.worker.start();
  await banner().waitFor({ state: 'detached', timeout: 60_000 });
  await cluster.settled('node-1');
  tab.expectQuiet();
});
