import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { editNode, openSession } from '../../client/index.js';
import { program } from '../../embedded/installation.js';
import { HEARTBEAT_INTERVAL_MS, PATIENT_WITH_NODES } from '../support/cluster/cluster-configuration.js';
import { Victim } from '../support/cluster/victim.js';
import { eventually } from '../support/eventually.js';
import { NodeList } from '../support/browser/node-list.js';
import { useBrowser, useTab } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { ENDLESS } from '../support/agent/duckdb-queries.js';

const cluster = useCluster(['node-1', 'node-2', 'node-3'], PATIENT_WITH_NODES);
const browser = useBrowser();
const tab = useTab(browser, cluster, '/nodes');
let list: NodeList;

beforeAll(() => {
  list = new NodeList(tab.page);
});

/** Acts as a person on the target machine: adds the page's lines to config.yaml, and starts the agent. */
async function installOnTarget(name: string, configYaml: string): Promise<void> {
  const folder = cluster.home.agent(name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { Compute } = parse(configYaml) as { Compute: Record<string, unknown> };
  const file = join(folder, 'config.yaml');
  await writeFile(
    file,
    stringify({ Compute: { ...Compute, StateDir: folder, Heartbeat: { Interval: `${HEARTBEAT_INTERVAL_MS}ms` } } }),
  );
  const agent = new Victim(
    cluster.home,
    () => ({
      name: `agent-${name}`,
      command: process.execPath,
      args: [program('agent/main.js'), '--config', file],
      stopWithinMs: 15_000,
    }),
    () => Promise.resolve(true),
  );
  cluster.agents.set(name, agent);
  await agent.start();
}

test('a new node is followed from the button to its first heartbeat and until it is removed, without a reload', async () => {
  const { page } = tab;
  await page.evaluate('globalThis.neverReloaded = true');
  await page.getByRole('button', { name: 'Register Node' }).click();
  const form = page.getByRole('dialog', { name: 'Register a node' });
  // Errors are shown beside their fields.
  await form.getByLabel('Name').fill('Not A Name');
  await form.getByLabel('Labels').fill('pool=a\n<b>=x');
  await form.getByLabel('Token expires after').fill('soon');
  await form.getByRole('button', { name: 'Generate token' }).click();
  await form.getByText('Lower-case letters, digits, dots and hyphens').waitFor();
  await form.getByText('“<b>” is not a label key').waitFor();
  await form.getByText('Write it as 30m, 1h or 24h.').waitFor();
  await tab.expectAccessible();
  await form.getByLabel('Name').fill('node-1');
  await form.getByLabel('Labels').fill('pool=a\nzone=eu-1');
  await form.getByLabel('Token expires after').fill('48h');
  await form.getByRole('button', { name: 'Generate token' }).click();
  await form.getByText(/24h/).last().waitFor();
  await form.getByLabel('Token expires after').fill('10m');
  await form.getByRole('button', { name: 'Generate token' }).click();
  await form.getByText(/node-1 .*(taken|exists|belongs)|name.*another node/i).waitFor();
  await form.getByLabel('Name').fill('worker-1');
  await form.getByLabel('Description').fill('<img src=x onerror=alert(1)>');
  await form.getByRole('button', { name: 'Generate token' }).click();

  const dialog = page.getByRole('dialog', { name: 'Register worker-1' });
  await dialog.getByText('this token is shown only once').waitFor();
  await dialog.getByText(/It works once, for 9 min \d+ s/).waitFor();
  await dialog.getByText('Waiting for the node to join').waitFor();
  const token = await dialog.getByRole('region', { name: 'Text to copy: the token' }).innerText();
  expect(token).toMatch(/^rcb_/);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await dialog.getByRole('button', { name: 'Copy the token' }).click();
  await dialog.getByText('Copied', { exact: true }).waitFor();
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(token);
  await dialog.getByRole('tab', { name: 'Configuration file' }).click();
  const config = await dialog.getByRole('region', { name: 'config.yaml' }).innerText();
  expect(parse(config)).toEqual({
    Compute: { Name: 'worker-1', Orchestrators: [cluster.url], Auth: { Token: token } },
  });
  await dialog.getByRole('tab', { name: 'cloud-init' }).click();
  expect(await dialog.getByRole('region', { name: 'cloud-init' }).innerText()).toContain(`content: ${token}`);
  await dialog.getByRole('tab', { name: 'Ansible' }).click();
  expect(await dialog.getByRole('region', { name: 'Ansible' }).innerText()).toContain(`stdin: ${token}`);
  await dialog.getByRole('tab', { name: 'Command' }).click();
  expect(await dialog.getByRole('region', { name: 'the command' }).innerText()).toContain(
    `curl -fsSL ${cluster.url}/install.sh | sh -s -- --token ${token} --name worker-1`,
  );
  await tab.screenshot('register-token');
  await tab.expectAccessible();

  // It cannot be dismissed by accident.
  await page.keyboard.press('Escape');
  await dialog.getByText('Have you copied the token?').waitFor();
  const done = dialog.getByRole('button', { name: 'Done' });
  expect(await done.getAttribute('aria-disabled')).toBe('true');

  await installOnTarget('worker-1', config);
  await dialog.getByText('Pending: waiting for you to activate it').waitFor();
  expect(await dialog.getByText(token).count()).toBe(0);
  await tab.screenshot('register-pending');
  expect((await cluster.node('worker-1')).phase).toBe('PENDING');
  await dialog.getByRole('button', { name: 'Activate worker-1' }).click();
  await dialog.getByText('Active: its first heartbeat has arrived').waitFor();
  await tab.expectAccessible();
  await done.click();
  await dialog.waitFor({ state: 'detached' });
  await list.cell('worker-1', 'Phase').getByText('Active').waitFor();
  await list.cell('worker-1', 'Status').getByText('Healthy').waitFor();
  expect(await list.cell('worker-1', 'Labels').innerText()).toMatch(/pool=a\s+zone=eu-1/);

  const deactivate = await list.openDialog('worker-1', 'Deactivate');
  await deactivate.getByText('The node gets no new sessions. It runs none now.').waitFor();
  await deactivate.getByRole('button', { name: 'Deactivate' }).click();
  await deactivate.waitFor({ state: 'detached' });
  await list.cell('worker-1', 'Phase').getByText('Drained').waitFor();
  const remove = await list.openDialog('worker-1', 'Remove');
  await remove.getByLabel(/Type the node's name/).fill('worker-1');
  await remove.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('Node worker-1 is removed.').waitFor();
  await list.row('worker-1').waitFor({ state: 'detached' });
  expect(await page.evaluate<boolean>('globalThis.neverReloaded')).toBe(true);
  tab.expectQuiet();
});

test('a copied token can be dismissed; a slot can be given a new token, or be removed', async () => {
  const { page } = tab;
  await page.getByRole('button', { name: 'Register Node' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('later');
  await page.keyboard.press('Enter');
  const first = page.getByRole('dialog', { name: 'Register later' });
  const firstToken = await first.getByRole('region', { name: 'Text to copy: the token' }).innerText();
  await first.getByLabel('I have copied the token').check();
  await first.getByRole('button', { name: 'Close this dialog' }).click();
  await list.cell('later', 'Phase').getByText('Registered').waitFor();

  await list.openMenu('later');
  await list.item('Activate').getByText('Node later has not joined yet.').waitFor();
  await page.keyboard.press('Escape');
  const again = await list.openDialog('later', 'Regenerate token');
  await again.getByText('the previous bootstrap token').waitFor();
  expect(await again.getByText('credential').count()).toBe(0);
  await again.getByLabel(/Type the node's name/).fill('later');
  await again.getByRole('button', { name: 'Regenerate token' }).click();
  const second = page.getByRole('dialog', { name: 'New token for later' });
  expect(await second.getByRole('region', { name: 'Text to copy: the token' }).innerText()).not.toBe(firstToken);
  await second.getByLabel('I have copied the token').check();
  await second.getByRole('button', { name: 'Done' }).click();

  const remove = await list.openDialog('later', 'Remove');
  await remove.getByText('The slot is removed').waitFor();
  await remove.getByRole('button', { name: 'Cancel' }).click();
  await remove.waitFor({ state: 'detached' });
  expect((await cluster.node('later')).phase).toBe('REGISTERED');
  tab.expectQuiet();
});

test('a drain has a reason and a deadline, names who blocks it, and can be cancelled; and a node is removed with its sessions', async () => {
  const { page } = tab;
  await editNode({
    client: cluster.admin,
    throwOnError: true,
    path: { id: 'node-1' },
    body: { labels: { pool: 'one' } },
  });
  await eventually(() =>
    openSession({
      client: cluster.admin,
      throwOnError: true,
      body: { principal: 'alice', sql: ENDLESS, labels: { pool: 'one' } },
    }),
  );
  await eventually(async () => expect(await list.cell('node-1', 'Sessions').innerText()).toBe('1'));

  const deactivate = await list.openDialog('node-1', 'Deactivate');
  await deactivate.getByText('It runs 1 session now, which may finish.').waitFor();
  expect(await deactivate.getByRole('radio', { name: 'Keep waiting' }).isDisabled()).toBe(true);
  await deactivate.getByLabel('Reason').fill('new disks');
  await deactivate.getByLabel('Deadline', { exact: true }).fill('a while');
  await deactivate.getByText('Write it as 30s, 15m or 1h30m.').first().waitFor();
  expect(await deactivate.getByRole('button', { name: 'Deactivate' }).getAttribute('aria-disabled')).toBe('true');
  await deactivate.getByLabel('Deadline', { exact: true }).fill('15m');
  await deactivate.getByRole('radio', { name: 'Terminate remaining sessions' }).check();
  await tab.expectAccessible();
  await tab.screenshot('deactivate');
  await deactivate.getByRole('button', { name: 'Deactivate' }).click();
  await deactivate.waitFor({ state: 'detached' });
  await list.cell('node-1', 'Phase').getByText('Draining').waitFor();
  await list.cell('node-1', 'Phase').getByText('1 session left').waitFor();
  const { drain } = await cluster.node('node-1');
  expect(drain).toMatchObject({ reason: 'new disks', onDeadline: 'terminate', thenRemove: false });
  expect(Date.parse(drain?.deadline ?? '') - Date.parse(drain?.since ?? '')).toBe(15 * 60_000);
  await list.openMenu('node-1');
  await list.item('Deactivate').getByText('Node node-1 is draining already.').waitFor();
  await page.keyboard.press('Escape');

  const activate = await list.openDialog('node-1', 'Activate');
  await activate.getByText('The drain is cancelled').waitFor();
  await activate.getByLabel('Reason').fill('the disks are late');
  await activate.getByRole('button', { name: 'Activate' }).click();
  await list.cell('node-1', 'Phase').getByText('Active').waitFor();

  const decommission = await list.openDialog('node-1', 'Decommission');
  await decommission.getByText('the node is removed for good').waitFor();
  const confirm = decommission.getByRole('button', { name: 'Decommission' });
  expect(await confirm.getAttribute('aria-disabled')).toBe('true');
  await decommission.getByLabel(/Type the node's name/).fill('node-1');
  await confirm.click();
  await list.cell('node-1', 'Phase').getByText('1 session left, then removed').waitFor();
  expect((await cluster.node('node-1')).drain?.thenRemove).toBe(true);

  const remove = await list.openDialog('node-1', 'Remove');
  await remove.getByLabel(/Type the node's name/).fill('node-1');
  expect(await remove.getByRole('button', { name: 'Remove' }).getAttribute('aria-disabled')).toBe('true');
  await remove.getByRole('checkbox', { name: 'Terminate its 1 active session' }).check();
  await tab.screenshot('remove');
  await tab.expectAccessible();
  await remove.getByRole('button', { name: 'Remove' }).click();
  await list.row('node-1').waitFor({ state: 'detached' });
  tab.expectQuiet();
});

test('a rejected node learns why, and can be approved again', async () => {
  const reject = await list.openDialog('node-2', 'Reject');
  await reject.getByText('can do nothing else').waitFor();
  await reject.getByLabel('Message').fill('Not on the inventory: <b>call Ada</b>');
  await reject.getByLabel(/Type the node's name/).fill('node-2');
  await tab.expectAccessible();
  await reject.getByRole('button', { name: 'Reject' }).click();
  await list.cell('node-2', 'Phase').getByText('Rejected').waitFor();
  await list.row('node-2').getByRole('link', { name: 'node-2' }).click();
  const availability = tab.page.locator('[data-condition="Availability"]');
  await availability.getByText('Not available').waitFor();
  expect(await availability.locator('[data-tone="ok"]').count()).toBe(0);
  await tab.page.goBack();
  await eventually(async () =>
    expect(await cluster.agents.get('node-2')?.log()).toContain('Not on the inventory: <b>call Ada</b>'),
  );
  await list.openMenu('node-2');
  await list.item('Deactivate').getByText('Node node-2 was rejected.').waitFor();
  await tab.page.keyboard.press('Escape');

  // Others decide too: a dialog that no longer applies says so.
  const approve = await list.openDialog('node-2', 'Activate');
  await approve.getByText('The rejection is taken back.').waitFor();
  await fetch(`${cluster.url}/v1/nodes/node-2/approve?wait=5s`, {
    method: 'POST',
    headers: { authorization: `Bearer ${cluster.adminToken}` },
  });
  await approve.getByText('No longer possible').waitFor();
  await approve.getByText('Node node-2 is approved already.').first().waitFor();
  expect(await approve.getByRole('button', { name: 'Activate' }).getAttribute('aria-disabled')).toBe('true');
  await approve.getByRole('button', { name: 'Cancel' }).click();
  tab.expectQuiet();
});

test('a new token replaces a lost credential', async () => {
  const dialog = await list.openDialog('node-3', 'Regenerate token');
  await dialog.getByText("the node's credential").waitFor();
  await dialog.getByText('Other nodes are not affected.').waitFor();
  const confirm = dialog.getByRole('button', { name: 'Regenerate token' });
  await dialog.getByLabel(/Type the node's name/).fill('node-33');
  expect(await confirm.getAttribute('aria-disabled')).toBe('true');
  await dialog.getByLabel(/Type the node's name/).fill('node-3');
  await tab.expectAccessible();
  await confirm.click();
  const shown = tab.page.getByRole('dialog', { name: 'New token for node-3' });
  await shown.getByText('Waiting for node-3 to join with the new token').waitFor();
  await shown.getByRole('tab', { name: 'Configuration file' }).click();
  const config = await shown.getByRole('region', { name: 'config.yaml' }).innerText();
  await cluster.agents.get('node-3')?.stop();
  await installOnTarget('node-3', config);
  await shown.locator('[data-rejoined="true"]').waitFor();
  await shown.getByRole('button', { name: 'Done' }).click();
  await shown.waitFor({ state: 'detached' });
  await list.cell('node-3', 'Status').getByText('Healthy').waitFor();
  expect((await cluster.node('node-2')).approval.value).toBe('APPROVED');
  tab.expectQuiet();
});
