import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  createApiToken,
  createNode,
  listApiTokens,
  listAudit,
  revokeApiToken,
  type CreateApiTokenRequest,
} from '../../../client/index.js';
import { ApiTokenStore } from '../../../src/auth/api-token-store.js';
import { mintToken } from '../../../src/auth/secret-token.js';
import { freshDatabase, startApi, useApi } from '../../support/api/api-under-test.js';

/** Who administers a cluster: never nobody, and never two of one name. */

const api = useApi();

const firstId = async () =>
  (await listApiTokens({ client: api.admin })).data!.items.find(({ name }) => name === 'admin')!.id;
const make = (name: string, more: Partial<CreateApiTokenRequest> = {}, client = api.admin) =>
  createApiToken({ client, body: { name, role: 'admin', ...more } });
const revoke = (id: string, client = api.admin) => revokeApiToken({ client, path: { id } });

describe('the last administrator', () => {
  test('cannot be revoked, and is told the way out', async () => {
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

  test('is not among two who revoke each other at the same moment', async () => {
    const [one, two] = [(await make('one')).data!, (await make('two')).data!];
    // Those of this suite's beginning are out of the way, so that the two are all there are.
    expect((await revoke(await firstId(), api.as(one.token))).response?.status).toBe(204);
    const answers = await Promise.all([
      revoke(two.apiToken.id, api.as(one.token)),
      revoke(one.apiToken.id, api.as(two.token)),
    ]);
    const statuses = answers.map(({ response }) => response!.status);
    // One succeeds; the other is refused, by the rule or since its own token is gone.
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect([401, 409]).toContain(statuses.find((status) => status !== 204));
    const left = statuses[0] === 204 ? one : two;
    api.admin = api.as(left.token);
    expect((await listApiTokens({ client: api.admin })).response?.status).toBe(200);
  });
});

test('may be revoked where the issuer knows administrators', async () => {
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
  test('belongs to one that works, however many ask at once', async () => {
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

  test('tells apart in the audit who had it, by their ids', async () => {
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
