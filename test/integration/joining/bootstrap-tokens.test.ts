import { describe, expect, test } from '@jest/globals';
import {
  createApiToken,
  createJoinToken,
  createNode,
  editNode,
  getJoinToken,
  getNode,
  listApiTokens,
  listAudit,
  listJoinTokenUses,
  listNodeEvents,
  listNodes,
  putInfo,
  regenerateBootstrapToken,
  rejectNode,
  revokeApiToken,
  revokeJoinToken,
} from '../../../client/index.js';
import { auditPageSchema } from '../../../contract/schemas/audit.js';
import { eventually } from '../../support/eventually.js';
import { AgentUnderTest, INFO } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

// A hundred uses of one token are ninety-nine wrong credentials.
const api = useApi({ settings: { 'Orchestrator.API.MaxWrongCredentialsPerSecond': '1000' } });

const path = (id: string) => ({ client: api.admin, path: { id } });
const node = async (id: string) => (await getNode(path(id))).data;
const audit = async (query: { node?: string; token?: string; by?: string }) =>
  (await listAudit({ client: api.admin, query })).data?.items ?? [];
const made = async <Data>(answer: Promise<{ data?: Data; error?: unknown }>): Promise<NonNullable<Data>> => {
  const { data, error } = await answer;
  if (!data) throw new Error(JSON.stringify(error));
  return data;
};

describe('a bootstrap token', () => {
  test('admits one of a hundred', async () => {
    const { bootstrapToken } = await made(createNode({ client: api.admin, body: { name: 'hundred' } }));
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => new AgentUnderTest(api).register(bootstrapToken)),
    );
    const statuses = answers.map(({ response }) => response?.status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(99);
  });

  test.each([
    ['1m', 60_000],
    ['24h', 86_400_000],
  ])('can be valid for %s', async (expiresIn, ms) => {
    const began = Date.now();
    const slot = await made(createNode({ client: api.admin, body: { name: `for-${expiresIn}`, expiresIn } }));
    const again = await made(regenerateBootstrapToken({ ...path(`for-${expiresIn}`), body: { expiresIn } }));
    for (const { expiresAt } of [slot, again]) {
      expect(Date.parse(expiresAt)).toBeGreaterThanOrEqual(began + ms);
      expect(Date.parse(expiresAt)).toBeLessThanOrEqual(Date.now() + ms);
    }
  });

  test.each(['59s', '25h', '0', 'soon', ''])('does not work for %j', async (expiresIn) => {
    const { error } = await createNode({ client: api.admin, body: { name: 'never', expiresIn } });
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'expiresIn' });
  });

  test('that is regenerated moves the node to another machine, with all that administrators wrote on it', async () => {
    const slot = await made(
      createNode({ client: api.admin, body: { name: 'kept', labels: { pool: 'a' }, description: 'rack 7' } }),
    );
    const agent = new AgentUnderTest(api);
    await agent.register(slot.bootstrapToken, { labels: { zone: 'north' } });
    await editNode({ ...path('kept'), body: { labels: { pool: 'b' } } });
    const { bootstrapToken } = await made(regenerateBootstrapToken({ ...path('kept'), body: {} }));
    const again = await made(
      new AgentUnderTest(api).register(bootstrapToken, { name: 'other', labels: { pool: 'mine', zone: 'south' } }),
    );
    expect(again).toMatchObject({ id: 'kept', uid: slot.node.uid });
    expect(await node('kept')).toMatchObject({
      uid: slot.node.uid,
      labels: { pool: 'b' },
      description: 'rack 7',
      createdAt: slot.node.createdAt,
    });
    const { data: events } = await listNodeEvents(path('kept'));
    expect(events?.items.map(({ type }) => type)).toEqual([
      'TokenUsed',
      'TokenIssued',
      'NodeEdited',
      'NodeJoined',
      'TokenIssued',
      'SlotCreated',
    ]);
  });

  test('lets the agent decide nothing that administrators set: approval, labels, description', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'subject');
    await editNode({ ...path('subject'), body: { labels: { pool: 'a' }, description: 'ours' } });
    // Unknown fields of a report are dropped.
    const info = { ...INFO, hostname: 'renamed', labels: { pool: 'x' }, description: 'theirs', approval: 'APPROVED' };
    expect((await putInfo({ client: agent.client, body: info })).response?.status).toBe(204);
    await agent.register(api.joinToken, { name: 'renamed', labels: { pool: 'x' } });
    expect(await node('subject')).toMatchObject({ id: 'subject', labels: { pool: 'a' }, description: 'ours' });
    await rejectNode({ ...path('subject'), body: { message: 'no' } });
    const { bootstrapToken } = await made(regenerateBootstrapToken({ ...path('subject'), body: {} }));
    expect((await new AgentUnderTest(api).register(bootstrapToken, { labels: { pool: 'x' } })).data).toMatchObject({
      approval: 'REJECTED',
    });
    expect(await node('subject')).toMatchObject({
      approval: { value: 'REJECTED' },
      labels: { pool: 'a' },
      description: 'ours',
    });
  });
});

describe('a join token', () => {
  test('for certain names admits no others, and is not used up by them', async () => {
    const { token, joinToken } = await made(
      createJoinToken({ client: api.admin, body: { namePattern: 'pool-a-*', maxUses: 1 } }),
    );
    const refused = await new AgentUnderTest(api).register(token, { name: 'pool-b-1' });
    expect(refused.error).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: 'name',
      detail: 'this join token lets in nodes named pool-a-*, and not pool-b-1',
    });
    expect((await new AgentUnderTest(api).register(token, { name: 'pool-a-1' })).response?.status).toBe(201);
    expect((await getJoinToken(path(joinToken.id))).data).toMatchObject({
      namePattern: 'pool-a-*',
      uses: 1,
      maxUses: 1,
    });
  });

  test('makes ephemeral nodes', async () => {
    const { token, joinToken } = await made(
      createJoinToken({ client: api.admin, body: { removeAfter: '90m', autoApprove: true } }),
    );
    expect((await getJoinToken(path(joinToken.id))).data).toMatchObject({ removeAfter: '1h30m' });
    expect((await new AgentUnderTest(api).register(token, { name: 'runner-1' })).response?.status).toBe(201);
    expect((await getNode(path('runner-1'))).data).toMatchObject({ removeAfter: '1h30m' });
    const { error } = await createJoinToken({ client: api.admin, body: { removeAfter: '59s' } });
    expect(error).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: 'removeAfter',
      detail: expect.stringContaining('1m to 365d'),
    });
  });

  test('refuses an invalid pattern', async () => {
    const { error } = await createJoinToken({ client: api.admin, body: { namePattern: '(a+)+$' } });
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'namePattern' });
  });

  test('shows who used it, when and from where, latest first', async () => {
    const { token, joinToken } = await made(createJoinToken({ client: api.admin, body: { maxUses: 3 } }));
    for (const name of ['user-1', 'user-2']) await new AgentUnderTest(api).register(token, { name });
    const { data } = await listJoinTokenUses({ ...path(joinToken.id), query: { limit: 1 } });
    expect(data).toMatchObject({ items: [{ node: 'user-2', from: '127.0.0.1' }], nextCursor: expect.any(String) });
    const { data: rest } = await listJoinTokenUses({
      ...path(joinToken.id),
      query: { cursor: data?.nextCursor ?? '' },
    });
    expect(rest).toEqual({
      items: [{ node: 'user-1', uid: expect.any(String), at: expect.any(String), from: '127.0.0.1' }],
      nextCursor: null,
    });
    expect((await listJoinTokenUses(path('unknown'))).error).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('an api token', () => {
  test('has a name, a role and an expiry, and shows its last use to the minute', async () => {
    const { token, apiToken } = await made(
      createApiToken({ client: api.admin, body: { name: 'ci', role: 'viewer', expiresIn: '1h' } }),
    );
    const shown = async () =>
      (await listApiTokens({ client: api.admin })).data?.items.find(({ id }) => id === apiToken.id);
    expect(await shown()).toMatchObject({ name: 'ci', role: 'viewer', lastUsedAt: null, createdBy: 'admin' });
    await listNodes({ client: api.as(token) });
    const used = await eventually(async () => {
      const { lastUsedAt } = (await shown()) ?? {};
      expect(lastUsedAt).toEqual(expect.any(String));
      return lastUsedAt;
    });
    await listNodes({ client: api.as(token) });
    expect((await shown())?.lastUsedAt).toBe(used);
  });
});

describe('the audit', () => {
  test('has every created, used, refused and revoked token: who, when, from where', async () => {
    const { token, joinToken } = await made(
      createJoinToken({ client: api.admin, body: { description: 'for the lab' } }),
    );
    await new AgentUnderTest(api).register(token, { name: 'audited' });
    await new AgentUnderTest(api).register(token, { name: 'audited-2' });
    await revokeJoinToken(path(joinToken.id));
    await revokeJoinToken(path(joinToken.id));
    const events = await audit({ token: joinToken.id });
    expect(events).toMatchObject([
      { type: 'JoinTokenRevoked', node: null, by: 'admin', from: '127.0.0.1' },
      { type: 'TokenRefused', node: null, by: 'anonymous', from: '127.0.0.1', reason: 'the token is used up' },
      { type: 'NodeJoined', node: 'audited', by: 'agent:audited', from: '127.0.0.1' },
      { type: 'JoinTokenCreated', node: null, by: 'admin', from: '127.0.0.1', reason: 'for the lab (1 use)' },
    ]);
    expect(events.every(({ at }) => Math.abs(Date.parse(at) - Date.now()) < 60_000)).toBe(true);
  });

  test('names the slot whose token was presented again, and nothing if the secret was wrong', async () => {
    const { bootstrapToken } = await made(createNode({ client: api.admin, body: { name: 'shown-again' } }));
    const [, id = ''] = bootstrapToken.split('_');
    await new AgentUnderTest(api).register(bootstrapToken);
    await new AgentUnderTest(api).register(`rcb_${id}_${'a'.repeat(43)}`);
    expect((await audit({ token: id })).map(({ type }) => type)).toEqual(['NodeJoined', 'TokenIssued']);
    for (let times = 0; times < 5; times += 1) await new AgentUnderTest(api).register(bootstrapToken);
    expect((await audit({ token: id })).map(({ type, node: about }) => [type, about])).toEqual([
      ...Array.from({ length: 3 }, () => ['TokenRefused', 'shown-again']),
      ['NodeJoined', 'shown-again'],
      ['TokenIssued', 'shown-again'],
    ]);
  });

  test('has api tokens, including the first, and decisions with their reasons', async () => {
    const { apiToken } = await made(createApiToken({ client: api.admin, body: { name: 'leaver', role: 'operator' } }));
    await revokeApiToken(path(apiToken.id));
    expect(await audit({ token: apiToken.id })).toMatchObject([
      { type: 'ApiTokenRevoked', by: 'admin', reason: 'leaver' },
      { type: 'ApiTokenCreated', by: 'admin', reason: 'leaver, role operator' },
    ]);
    const [, first = ''] = api.adminToken.split('_');
    expect(await audit({ token: first })).toMatchObject([{ type: 'ApiTokenCreated', by: 'system', from: null }]);
    await new AgentUnderTest(api).join(api.joinToken, 'unwanted');
    await rejectNode({ ...path('unwanted'), body: { message: 'not ours' } });
    expect(await audit({ node: 'unwanted', by: 'admin' })).toMatchObject([
      { type: 'NodeRejected', reason: 'not ours', from: '127.0.0.1' },
    ]);
  });

  test('fits its schema, contains no secret, and is read-only', async () => {
    const headers = { authorization: `Bearer ${api.adminToken}`, 'content-type': 'application/json' };
    const text = await (await api.raw('/v1/audit?limit=1000', { headers })).text();
    expect(auditPageSchema.safeParse(JSON.parse(text)).error).toBeUndefined();
    expect(text).not.toMatch(/rc[abj]_/);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect((await api.raw('/v1/audit', { method, headers })).status).toBe(405);
  });
});
