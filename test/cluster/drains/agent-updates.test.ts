import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  cancelAgentUpdate,
  createAgentUpdate,
  getAgentUpdate,
  getNode,
  listAgentUpdates,
  listAudit,
  listNodeEvents,
  resumeAgentUpdate,
  type AgentUpdate,
  type CreateAgentUpdateRequest,
} from '../../../client/index.js';
import { InstalledAgent, type InstalledOptions } from '../../support/agent/installed-agent.js';
import { useReplicaOf } from '../../support/api/api-under-test.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { eventually } from '../../support/eventually.js';
import { makeSlimPackages, signPackages } from '../../support/slim-package.js';
import { removeFolder } from '../../support/remove-folder.js';

/** Updates of real agent processes, by a real api with its worker. Their packages are those of test/support/slim-package.ts. */

const pem = () =>
  generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
const operator = pem();
const stranger = pem();

const packages = mkdtempSync(join(tmpdir(), 'rollcall-packages-'));
afterAll(() => removeFolder(packages));
const settings = {
  'Compute.Heartbeat.Interval': '1s',
  // They are silent while they start, for long on a busy machine.
  'Orchestrator.NodeManager.DisconnectTimeout': '10m',
  'Orchestrator.API.PackagesDir': packages,
  'Orchestrator.AgentUpdates.Enabled': 'true',
};
const { api } = useControlPlane(settings);
const off = useReplicaOf(api, { settings: { ...settings, 'Orchestrator.AgentUpdates.Enabled': 'false' } });

const agents: InstalledAgent[] = [];
const folders: string[] = [];
beforeEach(() => makeSlimPackages(packages, { version: '1.1.0', keys: operator.publicKey }).then(() => sign()));
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.stop('SIGKILL');
  for (const folder of folders.splice(0)) await removeFolder(folder);
});

const sign = (key = operator.privateKey) => signPackages(packages, key);

async function install(name: string, pool: string, more: Partial<InstalledOptions> = {}): Promise<InstalledAgent> {
  const root = mkdtempSync(join(tmpdir(), 'rollcall-node-'));
  folders.push(root);
  const options = { name, url: api.url, token: api.joinToken, labels: { pool }, keys: operator.publicKey, ...more };
  const agent = await InstalledAgent.install(root, options);
  agents.push(agent);
  agent.start();
  await eventually(async () => expect(await node(name)).toMatchObject({ phase: 'ACTIVE', status: 'HEALTHY' }), 60_000);
  return agent;
}

const node = async (id: string) => (await getNode({ client: api.admin, path: { id } })).data;

async function begin(body: CreateAgentUpdateRequest): Promise<AgentUpdate> {
  const { data, error } = await createAgentUpdate({ client: api.admin, body });
  if (!data) throw new Error(JSON.stringify(error));
  return data;
}

const becomes = (id: string, state: string, nodes: string[]) =>
  eventually(async () => {
    const { data } = await getAgentUpdate({ client: api.admin, path: { id } });
    expect([data?.state, ...(data?.nodes ?? []).map((member) => member.state)]).toEqual([state, ...nodes]);
    return data?.nodes ?? [];
  }, 120_000);

describe('an agent update', () => {
  test('updates one agent after the other, skips those that did not opt in, and survives a restart', async () => {
    const agent = await install('a-1', 'a');
    await install('a-2', 'a', { managed: false });
    const uid = (await node('a-1'))?.uid;
    const made = await begin({ version: '1.1.0', labels: ['pool=a'], maxUnavailable: '10%', reason: 'new kernel' });
    expect(made).toMatchObject({ state: 'RUNNING', version: '1.1.0', maxUnavailable: 1, maxFailures: 1, by: 'admin' });
    const [, unmanaged] = await becomes(made.id, 'DONE', ['UPDATED', 'NOT_MANAGED']);
    expect(unmanaged?.reason).toBe('its configuration has no Compute.Updates.Managed; it runs 1.0.0');
    expect(await node('a-1')).toMatchObject({ uid, phase: 'ACTIVE', info: { agentVersion: '1.1.0' } });
    expect(await node('a-2')).toMatchObject({
      phase: 'ACTIVE',
      info: { agentVersion: '1.0.0', updates: { managed: false } },
    });
    // For its supervisor it is the same process.
    expect(agent.running?.child.exitCode).toBeNull();
    const { data: events } = await listNodeEvents({ client: api.admin, path: { id: 'a-1' } });
    expect(events?.items).toContainEqual(
      expect.objectContaining({ type: 'AgentUpdated', by: 'system', reason: `agent update ${made.id} to 1.1.0` }),
    );
    const { data: audit } = await listAudit({ client: api.admin, query: { type: ['AgentUpdateBegan'] } });
    expect(audit?.items).toMatchObject([
      { by: 'admin', reason: `agent update ${made.id} to 1.1.0 of 2 nodes, pool=a: new kernel` },
    ]);
    expect((await listAgentUpdates({ client: api.admin })).data?.items).toMatchObject([{ id: made.id, nodes: null }]);

    expect(await agent.stop()).toBe(0);
    agent.start();
    await eventually(() =>
      expect(agent.running?.messages).toContain('version 1.1.0 runs instead of the installed 1.0.0'),
    );
    await eventually(() => expect(agent.running?.messages).toContainEqual(expect.stringMatching(/^a-1 is /)), 60_000);
    expect(await node('a-1')).toMatchObject({ uid, info: { agentVersion: '1.1.0' } });
  });

  test('is held by a version that exits; the node gets its former agent back automatically', async () => {
    await makeSlimPackages(packages, { version: '1.2.0', instead: 'exit 7' });
    await sign();
    const [first] = [await install('b-1', 'b'), await install('b-2', 'b')];
    const { id } = await begin({ version: '1.2.0', labels: ['pool=b'] });
    const [failed] = await becomes(id, 'HELD', ['FAILED', 'QUEUED']);
    expect(failed?.reason).toBe('it ended by itself with code 7; it runs 1.0.0');
    expect(await node('b-1')).toMatchObject({ phase: 'ACTIVE', info: { agentVersion: '1.0.0' } });
    expect(first?.running?.child.exitCode).toBeNull();
    expect((await resumeAgentUpdate({ client: api.admin, path: { id } })).data).toMatchObject({ state: 'RUNNING' });
    await becomes(id, 'DONE', ['FAILED', 'FAILED']);
    const { error } = await cancelAgentUpdate({ client: api.admin, path: { id } });
    expect(error).toMatchObject({ status: 409, code: 'AGENT_UPDATE_ENDED' });
  });

  test('is held by a version that starts and is not heard in time', async () => {
    await makeSlimPackages(packages, { version: '1.2.0', instead: 'exec sleep 600' });
    await sign();
    const agent = await install('e-1', 'e', { trialTimeout: '5s' });
    const { id } = await begin({ version: '1.2.0', labels: ['pool=e'] });
    const [failed] = await becomes(id, 'DONE', ['FAILED']);
    expect(failed?.reason).toBe('it was not heard within 5s; it runs 1.0.0');
    expect(await node('e-1')).toMatchObject({ phase: 'ACTIVE', info: { agentVersion: '1.0.0' } });
    expect(agent.running?.child.exitCode).toBeNull();
  });

  test('gives up after three starts in which the version was not heard', async () => {
    const agent = await install('f-1', 'f');
    const { id } = await begin({ version: '1.1.0', labels: ['pool=f'] });
    await becomes(id, 'DONE', ['UPDATED']);
    await agent.stop();
    await agent.breakVersion('1.1.0', 'exit 7');
    for (let starts = 1; starts <= 3; starts += 1) expect(await agent.start().exited).toBe(7);
    agent.start();
    await eventually(async () =>
      expect(await node('f-1')).toMatchObject({
        phase: 'ACTIVE',
        info: {
          agentVersion: '1.0.0',
          updates: { last: { state: 'FAILED', reason: 'it was started 3 times in a row and never heard' } },
        },
      }),
    );
    await agent.stop();
    agent.start();
    await eventually(() => expect(agent.running?.messages).toContainEqual(expect.stringMatching(/^f-1 is /)));
    expect(agent.running?.messages.filter((message) => message.includes('1.1.0'))).toEqual([]);
  });

  test('installs an older version only if a downgrade was requested', async () => {
    await makeSlimPackages(packages, { version: '0.9.0', keys: operator.publicKey });
    await sign();
    await install('g-1', 'g');
    const { id } = await begin({ version: '0.9.0', labels: ['pool=g'] });
    const [skipped] = await becomes(id, 'DONE', ['SKIPPED']);
    expect(skipped?.reason).toBe('it runs 1.0.0, and nobody asked for a downgrade');
    const again = await begin({ version: '0.9.0', labels: ['pool=g'], downgrade: true });
    await becomes(again.id, 'DONE', ['UPDATED']);
    expect(await node('g-1')).toMatchObject({ info: { agentVersion: '0.9.0' } });
  });

  test('replaces the key by an update that the former key has signed', async () => {
    const next = pem();
    await makeSlimPackages(packages, { version: '1.2.0', keys: next.publicKey });
    await sign();
    await install('h-1', 'h');
    const change = await begin({ version: '1.2.0', labels: ['pool=h'] });
    await becomes(change.id, 'DONE', ['UPDATED']);
    await makeSlimPackages(packages, { version: '1.3.0', keys: next.publicKey });
    await sign();
    const former = await begin({ version: '1.3.0', labels: ['pool=h'] });
    const [refused] = await becomes(former.id, 'DONE', ['FAILED']);
    expect(refused?.reason).toBe('SHA256SUMS is not signed by a key that this agent accepts; it runs 1.2.0');
    await sign(next.privateKey);
    const { id } = await begin({ version: '1.3.0', labels: ['pool=h'] });
    await becomes(id, 'DONE', ['UPDATED']);
  });

  test('installs nothing that no key of the operator has signed', async () => {
    await sign(stranger.privateKey);
    const agent = await install('c-1', 'c');
    const { id } = await begin({ version: '1.1.0', labels: ['pool=c'] });
    const [refused] = await becomes(id, 'DONE', ['FAILED']);
    const why = 'SHA256SUMS is not signed by a key that this agent accepts';
    expect(refused?.reason).toBe(`${why}; it runs 1.0.0`);
    const said = agent.running?.messages.filter((message) => message.includes(why));
    expect(said).toEqual([`version 1.1.0 is not installed: ${why}`]);
  });

  test('continues after an agent was killed at any step', async () => {
    const steps = ['FETCHING', 'TRYING', 'DONE'] as const;
    const killed = await Promise.all(steps.map((_step, index) => install(`d-${index}`, 'd')));
    const { id } = await begin({ version: '1.1.0', labels: ['pool=d'], maxUnavailable: 3 });
    await Promise.all(
      steps.map(async (step, index) => {
        const agent = killed[index]!;
        // A step may be over before it is observed.
        const at = await eventually(async () => {
          const state = (await agent.last())?.state;
          expect(steps.slice(steps.indexOf(step))).toContain(state);
          return state;
        }, 120_000);
        await agent.stop('SIGKILL');
        expect(steps).toContain(at);
        agent.start();
      }),
    );
    await becomes(id, 'DONE', ['UPDATED', 'UPDATED', 'UPDATED']);
  });
});

test.each([
  ['a version that the api has no package of', { version: '9.9.9' }, { code: 'VALIDATION_FAILED', field: 'version' }],
  ['what is no version', { version: '../../etc' }, { code: 'VALIDATION_FAILED', field: 'version' }],
  ['a budget of nothing', { maxUnavailable: '0%' }, { code: 'VALIDATION_FAILED', field: 'maxUnavailable' }],
  ['labels that no node has', { labels: ['pool=none'] }, { code: 'NO_NODE_MATCHES', field: 'labels' }],
])('refuses %s', async (_what, change, problem) => {
  const body = { version: '1.1.0', labels: ['pool=a'], ...change };
  const { error } = await createAgentUpdate({ client: api.admin, body });
  expect(error).toMatchObject(problem);
});

test('refuses unsigned packages before any node is drained', async () => {
  await rm(join(packages, 'SHA256SUMS.sig'));
  const { error } = await createAgentUpdate({ client: api.admin, body: { version: '1.1.0', labels: ['pool=a'] } });
  expect(error).toMatchObject({
    code: 'VALIDATION_FAILED',
    field: 'version',
    detail: expect.stringContaining('not signed'),
  });
});

test('is off unless the configuration turns it on', async () => {
  const { error } = await createAgentUpdate({ client: off.admin, body: { version: '1.1.0', labels: ['pool=a'] } });
  expect(error).toMatchObject({ status: 409, code: 'AGENT_UPDATES_OFF' });
});
