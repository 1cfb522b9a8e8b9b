import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  cancelDrain,
  createApiToken,
  createDrain,
  createNode,
  deactivateNode,
  editNode,
  getLogin,
  getNode,
  listApiTokens,
  listAudit,
  listNodes,
  regenerateBootstrapToken,
  revokeApiToken,
  rotateApiToken,
  type Problem,
} from '../../../client/index.js';
import { ApiTokenStore } from '../../../src/auth/api-token-store.js';
import { DecidingDrainSetNodes } from '../../../src/drains/drain-set-nodes.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi, useReplicaOf } from '../../support/api/api-under-test.js';

/** Scoped roles: what their holders may do, and what they cannot escalate to. */

const api = useApi();
const other = useReplicaOf(api);

let gpu: ReturnType<typeof api.as>;

beforeAll(async () => {
  gpu = api.as((await tokenFor('gpu-ops', ['pool=gpu'])).token);
});

async function tokenFor(name: string, scope: string[], role: 'operator' | 'admin' = 'operator') {
  return (await createApiToken({ client: api.admin, body: { name, role, scope }, throwOnError: true })).data;
}

async function node(id: string, pool: string): Promise<{ id: string; uid: string }> {
  const { uid } = await new AgentUnderTest(api).join(api.joinToken, id);
  await relabel(id, { pool });
  return { id, uid };
}

const relabel = (id: string, labels: Record<string, string>, client = api.admin) =>
  editNode({ client, path: { id }, body: { labels } });
const labelsOf = async (id: string) =>
  (await getNode({ client: api.admin, path: { id }, throwOnError: true })).data.labels;
const availabilityOf = async (id: string) =>
  (await getNode({ client: api.admin, path: { id }, throwOnError: true })).data.availability.value;
const refused = (error: unknown) => ({ status: (error as Problem).status, detail: (error as Problem).detail });

/** Runs `first` right before the next of these writes of the store. */
function before(method: 'commitDecision' | 'edit' | 'revokeCredential', first: () => Promise<unknown>): void {
  const store = api.app.get(NodeStore);
  const write = store[method].bind(store) as (...given: unknown[]) => Promise<unknown>;
  Object.assign(store, {
    [method]: async (...given: unknown[]) => {
      delete (store as Partial<NodeStore>)[method];
      await first();
      return write(...given);
    },
  });
}

describe('a token with a scope', () => {
  test('shows its scope to its holder, in lists and in the audit, and keeps it when it is rotated', async () => {
    const { apiToken } = await tokenFor('zone-admin', ['pool=gpu', 'zone'], 'admin');
    expect(apiToken).toMatchObject({ role: 'admin', scope: ['pool=gpu', 'zone'] });
    const rotated = await rotateApiToken({ client: api.admin, path: { id: apiToken.id }, throwOnError: true });
    expect(rotated.data.apiToken).toMatchObject({ role: 'admin', scope: ['pool=gpu', 'zone'] });
    const login = await getLogin({ client: api.as(rotated.data.token), throwOnError: true });
    expect(login.data).toMatchObject({
      ...{ name: 'zone-admin', role: 'viewer' },
      grants: [{ role: 'admin', scope: ['pool=gpu', 'zone'] }],
    });
    const listed = await listApiTokens({ client: api.admin, throwOnError: true });
    expect(listed.data.items).toContainEqual(expect.objectContaining({ name: 'admin', role: 'admin', scope: null }));
    const audit = await listAudit({ client: api.admin, query: { token: apiToken.id }, throwOnError: true });
    expect(audit.data.items.map(({ reason }) => reason)).toContain('zone-admin, role admin on pool=gpu,zone');
  });

  test('is a viewer to an api that knows no scopes', async () => {
    const { apiToken } = await tokenFor('of-the-future', ['pool=gpu'], 'admin');
    expect(await api.app.get(ApiTokenStore).find(apiToken.id)).toMatchObject({ role: 'viewer' });
  });

  test.each([
    [{ role: 'viewer', scope: ['pool=gpu'] }, 'a viewer sees everything'],
    [{ role: 'operator', scope: [] }, ''],
    [{ role: 'operator', scope: ['pool=gpu,zone=a'] }, 'write it as key or key=value'],
    [{ role: 'operator', scope: ['!pool'] }, 'write it as key or key=value'],
  ] as const)('is not made where it would mean nothing: %j', async (body, sentence) => {
    const made = await createApiToken({
      client: api.admin,
      body: { name: 'nonsense', ...body, scope: [...body.scope] },
    });
    expect(made.error).toMatchObject({ code: 'VALIDATION_FAILED', field: expect.stringMatching(/^scope/) });
    expect(made.error?.detail).toContain(sentence);
  });

  test('cannot create tokens, even with the role admin, but lists them', async () => {
    const client = api.as((await tokenFor('pool-admin', ['pool=gpu'], 'admin')).token);
    const made = await createApiToken({ client, body: { name: 'more', role: 'admin' } });
    expect(refused(made.error)).toEqual({
      status: 403,
      detail: 'pool-admin is admin on pool=gpu only, and this is about more than those nodes',
    });
    expect((await listApiTokens({ client })).response?.status).toBe(200);
  });

  test('and the role admin does not count as an administrator of the cluster', async () => {
    await tokenFor('second-admin', ['pool=gpu'], 'admin');
    const { data } = await listApiTokens({ client: api.admin, throwOnError: true });
    const id = data.items.find(({ name }) => name === 'admin')?.id ?? '';
    expect((await revokeApiToken({ client: api.admin, path: { id } })).error).toMatchObject({
      code: 'LAST_ADMINISTRATOR',
    });
  });

  test('sees every node', async () => {
    await node('seen', 'cpu');
    expect((await listNodes({ client: gpu, query: { id: 'seen' }, throwOnError: true })).data.items).toHaveLength(1);
  });
});

describe('the holder of a scope', () => {
  test('decides about nodes in it, and learns which scope others need and why', async () => {
    await Promise.all([node('in-1', 'gpu'), node('out-1', 'cpu')]);
    const deactivated = await deactivateNode({ client: gpu, path: { id: 'in-1' }, body: { reason: 'mine' } });
    expect(deactivated.data?.node.availability).toMatchObject({ by: 'gpu-ops', reason: 'mine' });
    const { error } = await deactivateNode({ client: gpu, path: { id: 'out-1' } });
    expect(error).toMatchObject({
      ...{ code: 'FORBIDDEN', status: 403 },
      detail: 'gpu-ops is operator on pool=gpu only, and node out-1 (pool=cpu) is outside',
      hint: expect.stringContaining('rollcall auth whoami'),
    });
    expect(await availabilityOf('out-1')).toBe('ACTIVE');
  });

  test('gets the same answers in a dry run', async () => {
    await node('out-2', 'cpu');
    const dry = await api.raw('/v1/nodes/out-2/deactivate?dryRun=true', {
      method: 'POST',
      headers: { authorization: `Bearer ${(await tokenFor('dry', ['pool=gpu'])).token}` },
    });
    expect([dry.status, await dry.json()]).toMatchObject([
      403,
      { detail: expect.stringContaining('out-2 (pool=cpu)') },
    ]);
  });

  test('can neither bring a node into it nor take one out of it', async () => {
    await Promise.all([node('in-3', 'gpu'), node('out-3', 'cpu')]);
    expect(refused((await relabel('out-3', { pool: 'gpu' }, gpu)).error)).toEqual({
      status: 403,
      detail: 'gpu-ops is operator on pool=gpu only, and node out-3 (pool=cpu) is outside',
    });
    expect(refused((await relabel('in-3', { zone: 'a' }, gpu)).error)).toEqual({
      status: 403,
      detail: 'gpu-ops is operator on pool=gpu only, and node in-3 (no pool) is outside',
    });
    expect([await labelsOf('out-3'), await labelsOf('in-3')]).toEqual([{ pool: 'cpu' }, { pool: 'gpu' }]);
    expect((await relabel('in-3', { pool: 'gpu', zone: 'a' }, gpu)).error).toBeUndefined();
    expect(await labelsOf('in-3')).toEqual({ pool: 'gpu', zone: 'a' });
  });

  test('creates slots with its labels only', async () => {
    const slot = (name: string, labels: Record<string, string>) => createNode({ client: gpu, body: { name, labels } });
    expect((await slot('slot-in', { pool: 'gpu' })).error).toBeUndefined();
    expect(refused((await slot('slot-out', {})).error)).toMatchObject({ status: 403 });
    expect((await getNode({ client: api.admin, path: { id: 'slot-out' } })).response?.status).toBe(404);
  });
});

describe('a node whose labels change meanwhile', () => {
  const out = (id: string) => () => relabel(id, { pool: 'cpu' }, other.admin);

  test('is not decided about', async () => {
    await node('in-4', 'gpu');
    before('commitDecision', out('in-4'));
    const { error } = await deactivateNode({ client: gpu, path: { id: 'in-4' } });
    expect(refused(error)).toMatchObject({ status: 403, detail: expect.stringContaining('in-4 (pool=cpu)') });
    expect(await availabilityOf('in-4')).toBe('ACTIVE');
  });

  test('keeps its credential', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'in-5');
    await relabel('in-5', { pool: 'gpu' });
    before('revokeCredential', out('in-5'));
    const { error } = await regenerateBootstrapToken({ client: gpu, path: { id: 'in-5' } });
    expect(refused(error)).toMatchObject({ status: 403 });
    expect((await agent.beat()).error).toBeUndefined();
  });

  test('is not relabelled', async () => {
    await node('in-6', 'gpu');
    before('edit', out('in-6'));
    const { error } = await relabel('in-6', { pool: 'gpu', mine: 'yes' }, gpu);
    expect(refused(error)).toMatchObject({ status: 403 });
    expect(await labelsOf('in-6')).toEqual({ pool: 'cpu' });
  });

  test('in a race of decisions and labels, none is committed by labels that were gone', async () => {
    const { uid } = await node('raced', 'gpu');
    const store = api.app.get(NodeStore);
    for (let round = 0; round < 15; round += 1) {
      await relabel('raced', { pool: 'gpu' });
      const { decision } = (await store.findByUid(uid)) as NonNullable<Awaited<ReturnType<NodeStore['findByUid']>>>;
      const action = decision.availability.value === 'ACTIVE' ? 'deactivate' : 'activate';
      const [decided, relabelled] = await Promise.all([
        api.raw(`/v1/nodes/raced/${action}`, { method: 'POST', headers: await asGpu() }),
        relabel('raced', { pool: 'cpu', round: String(round) }, other.admin),
      ]);
      expect(relabelled.error).toBeUndefined();
      expect([202, 403]).toContain(decided.status);
      const shown = (await decided.json()) as { node?: { labels: Record<string, string> } };
      // What was committed was allowed by the labels in the answer.
      if (decided.status === 202) expect(shown.node?.labels).toMatchObject({ pool: 'gpu' });
      const after = await store.findByUid(uid);
      expect(after?.decision.seq).toBe(decision.seq + (decided.status === 202 ? 1 : 0));
    }
  });
});

let raced: string | undefined;
async function asGpu(): Promise<Record<string, string>> {
  raced ??= (await tokenFor('racer', ['pool=gpu'])).token;
  return { authorization: `Bearer ${raced}` };
}

describe('a drain of a set', () => {
  test('is refused if one of its nodes is outside, and cannot be controlled by its holder', async () => {
    await Promise.all([node('set-in', 'gpu'), node('set-out', 'cpu')]);
    const both = await createDrain({ client: gpu, body: { nodes: ['set-in', 'set-out'] } });
    expect(refused(both.error)).toEqual({
      status: 403,
      detail: 'gpu-ops is operator on pool=gpu only, and node set-out (pool=cpu) is outside',
    });
    const all = await createDrain({ client: api.admin, body: { nodes: ['set-in', 'set-out'] }, throwOnError: true });
    const cancelled = await cancelDrain({ client: gpu, path: { id: all.data.id } });
    expect(refused(cancelled.error)).toMatchObject({ status: 403, detail: expect.stringContaining('set-out') });
    const own = await createDrain({ client: gpu, body: { nodes: ['set-in'] }, throwOnError: true });
    expect((await cancelDrain({ client: gpu, path: { id: own.data.id } })).error).toBeUndefined();
  });

  test('skips nodes that are outside by the time of their turn', async () => {
    const [stays, leaves] = await Promise.all([node('stays', 'gpu'), node('leaves', 'gpu')]);
    const body = { nodes: ['stays', 'leaves'], maxUnavailable: 2 };
    const { id } = (await createDrain({ client: gpu, body, throwOnError: true })).data;
    await relabel('leaves', { pool: 'cpu' });
    const turns = api.app.get(DecidingDrainSetNodes);
    expect(await turns.begin(id, { uid: leaves.uid, name: 'leaves' })).toEqual({
      ...{ is: 'over', state: 'SKIPPED' },
      reason: 'gpu-ops is operator on pool=gpu only, and node leaves (pool=cpu) is outside',
    });
    expect(await turns.begin(id, { uid: stays.uid, name: 'stays' })).toMatchObject({ is: 'begun' });
    expect(await availabilityOf('leaves')).toBe('ACTIVE');
  });

  test('of somebody without a scope starts every node', async () => {
    const { uid } = await node('anywhere', 'gpu');
    const { id } = (await createDrain({ client: api.admin, body: { nodes: ['anywhere'] }, throwOnError: true })).data;
    await relabel('anywhere', { pool: randomUUID() });
    const turns = api.app.get(DecidingDrainSetNodes);
    expect(await turns.begin(id, { uid, name: 'anywhere' })).toMatchObject({ is: 'begun' });
  });
});
