import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  createApiToken,
  type CreateApiTokenRequest,
  createNode,
  getLogin,
  listApiTokens,
  listAudit,
  revokeApiToken,
  rotateApiToken,
} from '../../../client/index.js';
import { ApiTokenStore } from '../../../src/auth/api-token-store.js';
import { mintToken } from '../../../src/auth/secret-token.js';
import { freshDatabase, startApi, useApi } from '../../support/api/api-under-test.js';

/** API tokens: rotation of their secrets, the last administrator, and unique names. */

const api = useApi();

const firstId = async () =>
  (await listApiTokens({ client: api.admin })).data!.items.find(({ name }) => name === 'admin')!.id;
const make = (name: string, more: Partial<CreateApiTokenRequest> = {}, client = api.admin) =>
  createApiToken({ client, body: { name, role: 'admin', ...more } });
const revoke = (id: string, client = api.admin) => revokeApiToken({ client, path: { id } });

describe('a rotation', () => {
  const makeOperator = async (name: string, expiresIn = '90d') =>
    (await createApiToken({ client: api.admin, throwOnError: true, body: { name, role: 'operator', expiresIn } })).data;
  const rotate = (id: string, body: { overlap?: string; expiresIn?: string } = {}) =>
    rotateApiToken({ client: api.admin, path: { id }, body });
  const statusOf = async (token: string) => (await getLogin({ client: api.as(token) })).response?.status;

  test('keeps the previous secret valid beside the new one, as the same token', async () => {
    const { apiToken, token } = await makeOperator('backup');
    const { data } = await rotate(apiToken.id, { expiresIn: '30d', overlap: '1h' });
    expect(data?.apiToken).toMatchObject({ id: apiToken.id, name: 'backup', role: 'operator', revoked: false });
    expect(Date.parse(data!.apiToken.formerUntil!)).toBeLessThan(Date.parse(data!.apiToken.expiresAt!));
    expect(data!.token).not.toBe(token);
    expect([await statusOf(token), await statusOf(data!.token)]).toEqual([200, 200]);
    // The login ends with the former secret that authorized it.
    const former = await getLogin({ client: api.as(token), throwOnError: true });
    expect(former.data).toMatchObject({ name: 'backup', expiresAt: data!.apiToken.formerUntil });

    const audit = await listAudit({ client: api.admin, throwOnError: true, query: { token: apiToken.id } });
    expect(audit.data.items.map(({ type, reason }) => [type, reason])).toEqual([
      ['ApiTokenRotated', 'backup, the secret of before works for 1h'],
      ['ApiTokenCreated', 'backup, role operator'],
    ]);
    expect(JSON.stringify((await listApiTokens({ client: api.admin })).data)).not.toMatch(/secret/i);
  });

  test('keeps the latest two secrets only, and none without an overlap', async () => {
    const { apiToken, token } = await makeOperator('deploy');
    const second = (await rotate(apiToken.id)).data!.token;
    const third = (await rotate(apiToken.id)).data!.token;
    expect([await statusOf(token), await statusOf(second), await statusOf(third)]).toEqual([401, 200, 200]);
    const fourth = (await rotate(apiToken.id, { overlap: '0s' })).data!.token;
    expect([await statusOf(third), await statusOf(fourth)]).toEqual([401, 200]);
  });

  test('never prolongs the previous secret', async () => {
    const { apiToken } = await makeOperator('short', '1m');
    const { data } = await rotate(apiToken.id, { overlap: '30d' });
    expect(data?.apiToken.formerUntil).toBe(apiToken.expiresAt);
  });

  test('of two at once tells each caller which secrets are valid', async () => {
    const { apiToken, token } = await makeOperator('raced');
    const answers = await Promise.all([rotate(apiToken.id), rotate(apiToken.id)]);
    const made = answers.flatMap(({ data }) => (data ? [data.token] : []));
    expect(made.length).toBeGreaterThanOrEqual(1);
    const working = await Promise.all([token, ...made].map(statusOf));
    // The latest, and the previous one.
    expect(working.filter((status) => status === 200)).toHaveLength(2);
  });

  test('of an ended or unknown token is refused', async () => {
    const { apiToken } = await makeOperator('gone');
    await revokeApiToken({ client: api.admin, path: { id: apiToken.id } });
    expect((await rotate(apiToken.id)).error).toMatchObject({ code: 'TOKEN_ENDED' });
    expect((await rotate('0123456789abcdef')).error).toMatchObject({ code: 'NOT_FOUND' });
    expect((await rotate(apiToken.id, { overlap: '31d' })).error).toMatchObject({ field: 'overlap' });
  });

  test('keeps the last administrator for a day', async () => {
    const { id } = (await listApiTokens({ client: api.admin })).data!.items.find(({ role }) => role === 'admin')!;
    expect((await rotate(id, { expiresIn: '1h' })).error).toMatchObject({ code: 'LAST_ADMINISTRATOR' });
  });
});

describe('the last administrator', () => {
  test('cannot be revoked, and the refusal names the remedy', async () => {
    await make('looks-on', { role: 'operator' });
    // It would be the last one tomorrow.
    await make('for-today', { expiresIn: '2h' });
    const { response, error } = await revoke(await firstId());
    expect(response?.status).toBe(409);
    expect(error).toMatchObject({
      code: 'LAST_ADMINISTRATOR',
      detail: expect.stringContaining('admin'),
      hint: 'Make another one first: rollcall api-token create NAME --role admin',
    });
    expect((await listApiTokens({ client: api.admin })).response?.status).toBe(200);
  });

  test('survives two who revoke each other at the same moment', async () => {
    const [one, two] = [(await make('one')).data!, (await make('two')).data!];
    // Earlier administrators are removed, so that these two are all.
    expect((await revoke(await firstId(), api.as(one.token))).response?.status).toBe(204);
    const answers = await Promise.all([
      revoke(two.apiToken.id, api.as(one.token)),
      revoke(one.apiToken.id, api.as(two.token)),
    ]);
    const statuses = answers.map(({ response }) => response!.status);
    // One succeeds; the other is refused, by the rule or because its own token is gone.
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect([401, 409]).toContain(statuses.find((status) => status !== 204));
    const left = statuses[0] === 204 ? one : two;
    api.admin = api.as(left.token);
    expect((await listApiTokens({ client: api.admin })).response?.status).toBe(200);
  });
});

test('the last administrator may be revoked if the issuer has administrators', async () => {
  const settings = {
    'Orchestrator.Auth.OIDC.Issuer': 'http://127.0.0.1:1',
    'Orchestrator.Auth.OIDC.Audience': 'rollcall',
    'Orchestrator.Auth.OIDC.RolesClaim': 'groups',
    'Orchestrator.Auth.OIDC.RoleMapping': 'chiefs=admin',
  };
  const other = await startApi({ mongoUri: freshDatabase(api.mongoUri), settings });
  try {
    const { data } = await listApiTokens({ client: other.admin });
    expect((await revokeApiToken({ client: other.admin, path: { id: data!.items[0]!.id } })).response?.status).toBe(
      204,
    );
  } finally {
    await other.close();
  }
}, 60_000);

describe('the name of a token', () => {
  test('belongs to one valid token, however many ask for it at once', async () => {
    const name = `ann-${randomUUID().slice(0, 8)}`;
    const answers = await Promise.all([1, 2, 3, 4].map(() => make(name, { role: 'viewer' })));
    expect(answers.map(({ response }) => String(response?.status)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      '201',
      '409',
      '409',
      '409',
    ]);
    expect(answers.find(({ error }) => error !== undefined)?.error).toMatchObject({
      code: 'TOKEN_NAME_TAKEN',
      field: 'name',
    });
    const first = answers.find(({ data }) => data !== undefined)!.data!;
    await revoke(first.apiToken.id);
    expect((await make(name, { role: 'viewer' })).response?.status).toBe(201);
  });

  test('is free again when its token has ended', async () => {
    const { id, secretHash } = mintToken('rca');
    const ended = {
      id,
      name: 'brief',
      role: 'viewer' as const,
      secretHash,
      createdAt: 1,
      createdBy: 'test',
      expiresAt: 2,
      lastUsedAt: null,
      revokedAt: null,
    };
    await api.app.get(ApiTokenStore).create(ended);
    expect((await make('brief', { role: 'viewer' })).response?.status).toBe(201);
  });

  test("is told apart in the audit by the tokens' ids", async () => {
    const had: string[] = [];
    for (const node of ['first-node', 'second-node']) {
      const { data } = await make('bob', { role: 'operator' });
      had.push(data!.apiToken.id);
      await createNode({ client: api.as(data!.token), body: { name: node } });
      await revoke(data!.apiToken.id);
    }
    const audit = async (query: { by: string }) =>
      (await listAudit({ client: api.admin, query }))
        .data!.items.filter(({ type }) => type === 'SlotCreated')
        .map(({ node, by, byId }) => ({ node, by, byId }));
    expect(await audit({ by: 'bob' })).toEqual([
      { node: 'second-node', by: 'bob', byId: had[1] },
      { node: 'first-node', by: 'bob', byId: had[0] },
    ]);
    expect(await audit({ by: had[0]! })).toEqual([{ node: 'first-node', by: 'bob', byId: had[0] }]);
  });
});
