import { describe, expect, test } from '@jest/globals';
import {
  createJoinToken,
  createNode,
  removeNode,
  getNode,
  listJoinTokens,
  listNodeEvents,
  regenerateBootstrapToken,
  revokeJoinToken,
} from '../../../client/index.js';
import { loadConfig } from '../../../contract/config/load-config.js';
import { TokenStore } from '../../../src/auth/token-store.js';
import { DecisionService } from '../../../src/decisions/decision.service.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { UnusedSlots } from '../../../src/reconciliation/unused-slots.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

const api = useApi();

const slotFor = async (name: string) => {
  const { data, error } = await createNode({ client: api.admin, body: { name, labels: { pool: 'a' } } });
  if (!data) throw new Error(JSON.stringify(error));
  return data;
};

describe('a slot', () => {
  test('comes with a token and instructions for the new machine', async () => {
    const { node, bootstrapToken, expiresAt, install } = await slotFor('slot-1');
    expect(node).toMatchObject({
      id: 'slot-1',
      phase: 'REGISTERED',
      approval: { value: 'PENDING', by: 'admin' },
      labels: { pool: 'a' },
    });
    expect(bootstrapToken).toMatch(/^rcb_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(29 * 60_000);
    const config = loadConfig({ file: { path: 'config.yaml', text: install.configYaml }, env: {} });
    expect(config.Compute).toMatchObject({ Name: 'slot-1', Orchestrators: [api.url], Auth: { Token: bootstrapToken } });
    expect(install.command).toContain(bootstrapToken);
  });

  test('admits one agent, however many try at once', async () => {
    const { bootstrapToken } = await slotFor('slot-2');
    const tries = await Promise.all(Array.from({ length: 20 }, () => new AgentUnderTest(api).register(bootstrapToken)));
    const statuses = tries.map(({ response }) => response?.status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(19);
    const { data: node } = await getNode({ client: api.admin, path: { id: 'slot-2' } });
    expect(node).toMatchObject({ phase: 'PENDING', info: { hostname: 'host-1' } });
  });

  test('keeps its name and labels, whatever the agent asks for', async () => {
    const { bootstrapToken } = await slotFor('slot-3');
    const agent = new AgentUnderTest(api);
    const { data } = await agent.register(bootstrapToken, { name: 'something-else', labels: { pool: 'b', zone: 'z' } });
    expect(data).toMatchObject({ id: 'slot-3', approval: 'PENDING' });
    const { data: node } = await getNode({ client: api.admin, path: { id: 'slot-3' } });
    expect(node?.labels).toEqual({ pool: 'a', zone: 'z' });
  });

  test('repeats its answer to an agent that missed it, and to nobody else', async () => {
    const { bootstrapToken } = await slotFor('slot-4');
    const agent = new AgentUnderTest(api);
    const first = await agent.register(bootstrapToken);
    const second = await agent.register(bootstrapToken);
    expect([first.response?.status, second.response?.status]).toEqual([201, 200]);
    expect(second.data).toEqual(first.data);
    expect((await agent.register(`rcb_0123456789abcdef_${'a'.repeat(43)}`)).error).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  test('ends some time after its token expired unused, but not if an agent has joined or it has a newer token', async () => {
    const { node } = await slotFor('slot-unused');
    const joined = await slotFor('slot-joined');
    await new AgentUnderTest(api).register(joined.bootstrapToken);
    const day = 86_400_000;
    let now = Date.now() + 29 * day;
    const slots = new UnusedSlots(
      api.app.get(TokenStore),
      api.app.get(NodeStore),
      api.app.get(DecisionService),
      { now: () => now },
      30 * day,
    );
    expect(await slots.pass()).toBe(0);
    now += 2 * day;
    await slots.pass();
    expect((await listNodeEvents({ client: api.admin, path: { id: 'slot-unused' } })).data?.items).toContainEqual(
      expect.objectContaining({
        type: 'NodeRemoved',
        by: 'system',
        reason: expect.stringContaining('expired unused more than 30d ago'),
      }),
    );
    expect((await api.app.get(NodeStore).findByUid(node.uid))?.decision.removal).toMatchObject({
      when: 'now',
      by: 'system',
    });
    expect((await api.app.get(NodeStore).findLiving('slot-joined'))?.decision.removal).toBeUndefined();
    expect(await slots.pass()).toBe(0);
  });

  test('that was removed, or has a newer token, refuses the earlier one', async () => {
    const removed = await slotFor('slot-5');
    await removeNode({ client: api.admin, path: { id: 'slot-5' } });
    expect((await new AgentUnderTest(api).register(removed.bootstrapToken)).error).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    const renewed = await slotFor('slot-6');
    const { data } = await regenerateBootstrapToken({ client: api.admin, path: { id: 'slot-6' } });
    expect((await new AgentUnderTest(api).register(renewed.bootstrapToken)).error).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect((await new AgentUnderTest(api).register(data?.bootstrapToken ?? '')).response?.status).toBe(201);
  });

  test('keeps its history when its name is used again', async () => {
    await slotFor('slot-7');
    await removeNode({ client: api.admin, path: { id: 'slot-7' }, query: { reason: 'a mistake' } });
    const { data: gone } = await listNodeEvents({ client: api.admin, path: { id: 'slot-7' } });
    expect(gone?.items.map(({ type }) => type)).toContain('NodeRemoved');
    expect(gone?.items.find(({ type }) => type === 'NodeRemoved')).toMatchObject({
      by: 'admin',
      reason: 'a mistake',
      from: '127.0.0.1',
    });
    await slotFor('slot-7');
    const { data: anew } = await listNodeEvents({ client: api.admin, path: { id: 'slot-7' } });
    expect(anew?.items.map(({ type }) => type)).toEqual(expect.not.arrayContaining(['NodeRemoved']));
  });
});

describe('a join token', () => {
  test('admits as many as it says, sets its labels, and can be revoked', async () => {
    const { data } = await createJoinToken({
      client: api.admin,
      body: { maxUses: 2, labels: { fleet: 'one' }, autoApprove: false },
    });
    const token = data?.token ?? '';
    const { data: joined } = await new AgentUnderTest(api).register(token, {
      name: 'fleet-1',
      labels: { fleet: 'mine', rack: '7' },
    });
    expect(joined).toMatchObject({ id: 'fleet-1', approval: 'PENDING' });
    expect((await getNode({ client: api.admin, path: { id: 'fleet-1' } })).data?.labels).toEqual({
      fleet: 'one',
      rack: '7',
    });
    expect((await new AgentUnderTest(api).register(token, { name: 'fleet-1' })).error).toMatchObject({
      code: 'NODE_NAME_TAKEN',
      field: 'name',
    });
    // The refused one has not used it up.
    expect((await new AgentUnderTest(api).register(token, { name: 'fleet-2' })).response?.status).toBe(201);
    expect((await new AgentUnderTest(api).register(token, { name: 'fleet-3' })).error).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    const { data: page } = await listJoinTokens({ client: api.admin });
    expect(page?.items.find(({ id }) => id === data?.joinToken.id)).toMatchObject({ uses: 2, maxUses: 2 });
  });

  test('that was revoked admits nobody', async () => {
    const { data } = await createJoinToken({ client: api.admin, body: { maxUses: 5 } });
    await revokeJoinToken({ client: api.admin, path: { id: data?.joinToken.id ?? '' } });
    expect((await new AgentUnderTest(api).register(data?.token ?? '', { name: 'late' })).error).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  test("approves by policy, which the event says; by default the name is the host's", async () => {
    const { data } = await new AgentUnderTest(api).register(api.joinToken);
    expect(data).toMatchObject({ id: 'host-1', approval: 'APPROVED' });
    const { data: events } = await listNodeEvents({ client: api.admin, path: { id: 'host-1' } });
    // Latest first, in the order of what happened although the times are equal.
    expect(events?.items.map(({ type }) => type)).toEqual(['NodeApproved', 'NodeJoined']);
    expect(events?.items.find(({ type }) => type === 'NodeApproved')).toMatchObject({
      by: 'system',
      from: null,
      reason: expect.stringContaining('ManualApproval is off'),
    });
  });
});

describe('a crowd with one join token', () => {
  const tokenOf = async (maxUses: number) => {
    const { data } = await createJoinToken({ client: api.admin, body: { maxUses, namePattern: 'crowd-*' } });
    if (!data) throw new Error('no token');
    return data;
  };
  const usesOf = async (id: string) =>
    (await listJoinTokens({ client: api.admin })).data?.items.find((token) => token.id === id)?.uses;
  const statuses = (answers: readonly { response?: Response | undefined }[]) =>
    answers.map(({ response }) => response?.status);

  test('joins completely, and each gets its own answer', async () => {
    const { token, joinToken } = await tokenOf(60);
    expect((await new AgentUnderTest(api).register(token, { name: 'crowd-0' })).response?.status).toBe(201);
    const join = (name: string) => new AgentUnderTest(api).register(token, { name });
    const [welcome, taken, twins, misnamed] = await Promise.all([
      Promise.all(Array.from({ length: 50 }, (_, index) => join(`crowd-${index + 1}`))),
      Promise.all([join('crowd-0'), join('crowd-0')]),
      Promise.all([join('crowd-twin'), join('crowd-twin')]),
      Promise.all([join('other-1'), join('other-2')]),
    ]);
    expect(new Set(statuses(welcome))).toEqual(new Set([201]));
    expect(welcome.map(({ data }) => data?.id)).toEqual(Array.from({ length: 50 }, (_, index) => `crowd-${index + 1}`));
    expect(statuses(taken)).toEqual([409, 409]);
    expect(taken[0]?.error).toMatchObject({ code: 'NODE_NAME_TAKEN', detail: expect.stringContaining('crowd-0') });
    expect(new Set(statuses(twins))).toEqual(new Set([201, 409]));
    expect(statuses(misnamed)).toEqual([400, 400]);
    expect(await usesOf(joinToken.id)).toBe(52);
    const { data: events } = await listNodeEvents({ client: api.admin, path: { id: 'crowd-50' } });
    expect(events?.items.map(({ type }) => type)).toEqual(['NodeApproved', 'NodeJoined']);
  });

  test('larger than the token allows joins up to that number', async () => {
    const { token, joinToken } = await tokenOf(17);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => new AgentUnderTest(api).register(token, { name: `crowd-b-${index}` })),
    );
    expect(statuses(answers).filter((status) => status === 201)).toHaveLength(17);
    expect(statuses(answers).filter((status) => status === 401)).toHaveLength(23);
    expect(await usesOf(joinToken.id)).toBe(17);
  });

  test('that retries while it joins uses the token once for each', async () => {
    const { token, joinToken } = await tokenOf(20);
    const agents = Array.from({ length: 20 }, (_, index) => ({
      agent: new AgentUnderTest(api),
      name: `crowd-c-${index}`,
    }));
    const asked = await Promise.all([...agents, ...agents].map(({ agent, name }) => agent.register(token, { name })));
    expect(statuses(asked).filter((status) => status === 201)).toHaveLength(20);
    expect(statuses(asked).filter((status) => status === 200)).toHaveLength(20);
    expect(asked.slice(20).map(({ data }) => data)).toEqual(asked.slice(0, 20).map(({ data }) => data));
    expect(await usesOf(joinToken.id)).toBe(20);
  });
});
