import { beforeAll, expect, test } from '@jest/globals';
import { createNode, deactivateNode, editNode, rejectNode } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { useBrowser, useTab } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';

/** Text of people and machines is only text on the page: nothing of it is executed, loaded or used as an address. */

const IMAGE = '<img src=x onerror=alert(1)>';
const SCRIPT = '</script><script>alert(2)</script>';
const ADDRESS = 'javascript:alert(3)';
const ALL = `${IMAGE} ${SCRIPT} ${ADDRESS}`;
/** Reverses the text after it, and hides what is not meant to be seen. */
const TURNED = 'evil\u202Etxt.exe\u200B';

const cluster = useCluster(['node-1', 'node-2']);
const browser = useBrowser();

beforeAll(async () => {
  const to = (id: string) => ({ client: cluster.admin, throwOnError: true as const, path: { id } });
  await deactivateNode({ ...to('node-1'), body: { reason: ALL } });
  await editNode({ ...to('node-1'), body: { description: `${ALL} ${TURNED}` } });
  await rejectNode({ ...to('node-2'), body: { message: ALL } });
  await createNode({ client: cluster.admin, throwOnError: true, body: { name: 'node-3', description: ALL } });
  // As documents in the database, since the api validates them on input.
  const hostile = {
    labels: [{ key: IMAGE, value: ADDRESS }],
    'info.hostname': ALL,
    'info.cpu.model': ALL,
    'info.os.distribution': ALL,
    'info.agentVersion': IMAGE,
  };
  await eventually(async () =>
    expect(
      (await cluster.db.collection('nodes').updateOne({ name: 'node-1', info: { $ne: null } }, { $set: hostile }))
        .matchedCount,
    ).toBe(1),
  );
});
const tab = useTab(browser, cluster, '/nodes');

/** Nothing of the text has become part of the page. */
async function expectHarmless(): Promise<void> {
  const made = await tab.page.evaluate<string[]>(
    `[...document.querySelectorAll('img[src="x"], [onerror], script:not([src]), iframe, object, [href^="javascript:" i], [src^="javascript:" i]')].map((element) => element.outerHTML)`,
  );
  expect(made).toEqual([]);
  tab.expectQuiet();
}

test('in the list', async () => {
  await tab.page.locator('tr[data-node="node-1"]').getByText(IMAGE).first().waitFor();
  await expectHarmless();
  await tab.expectNoSideways();
});

test.each(['', '/health', '/sessions', '/events'])('on the page of a node%s', async (path) => {
  for (const id of ['node-1', 'node-2', 'node-3']) {
    await tab.page.goto(`/nodes/${id}${path}`);
    await tab.page.getByRole('tabpanel').first().waitFor();
    // A slot has only a description.
    if (path === '' || (path === '/events' && id !== 'node-3')) await tab.page.getByText(IMAGE).first().waitFor();
    await expectHarmless();
    await tab.expectNoSideways();
  }
  await tab.screenshot(`hostile${path.replace('/', '-')}`);
});

test('in a dialog', async () => {
  await tab.page.goto('/nodes/node-1');
  await tab.page.getByRole('button', { name: 'Activate', exact: true }).first().click();
  await tab.page.getByRole('dialog').waitFor();
  await expectHarmless();
  await tab.page.keyboard.press('Escape');
});

test.each([
  `/nodes/${encodeURIComponent(IMAGE)}`,
  `/nodes?q=${encodeURIComponent(IMAGE)}&label=${encodeURIComponent(SCRIPT)}&sort=${ADDRESS}&cursor=${encodeURIComponent(IMAGE)}`,
  `/${encodeURIComponent(SCRIPT)}`,
  `/nodes#${IMAGE}`,
  '/nodes/..%2f..%2fv1%2flogin',
])('in an address: %s', async (path) => {
  await tab.page.goto(path);
  await tab.page.getByRole('heading', { level: 1 }).waitFor();
  await expectHarmless();
});
