import { describe, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { createApiToken, revokeApiToken } from '../../../client/index.js';
import { useApi } from '../../support/api/api-under-test.js';

const api = useApi();

const JSON_TYPE = { 'content-type': 'application/json' };
/** Headers that a browser adds to requests of Rollcall's own page. */
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

const logIn = (token: string, headers: Record<string, string> = SAME_ORIGIN) =>
  api.raw('/v1/login', { method: 'POST', body: JSON.stringify({ token }), headers: { ...JSON_TYPE, ...headers } });

/** A browser's Cookie header after a login. */
async function cookieFor(token = api.adminToken): Promise<string> {
  const response = await logIn(token);
  const [pair = ''] = response.headers.getSetCookie()[0]?.split(';') ?? [];
  return pair;
}

const makeNode = (name: string, headers: Record<string, string>) =>
  api.raw('/v1/nodes', { method: 'POST', body: JSON.stringify({ name }), headers: { ...JSON_TYPE, ...headers } });

describe('a browser', () => {
  test('logs in with a token and gets a different value as a cookie, which scripts and other sites cannot read', async () => {
    const response = await logIn(api.adminToken);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      name: 'admin',
      role: 'admin',
      via: 'login',
      expiresAt: expect.any(String),
    });
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^rollcall-login-\d+=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(api.adminToken.slice(-43));
  });

  test('reads with the cookie, and is told who it is', async () => {
    const cookie = await cookieFor();
    expect((await api.raw('/v1/nodes', { headers: { cookie } })).status).toBe(200);
    expect(await (await api.raw('/v1/login', { headers: { cookie: `theme=dark; ${cookie}` } })).json()).toMatchObject({
      name: 'admin',
      via: 'login',
    });
  });

  test('logs out: the cookie is invalid afterwards', async () => {
    const cookie = await cookieFor();
    const response = await api.raw('/v1/login', {
      method: 'DELETE',
      headers: { cookie, ...SAME_ORIGIN, 'x-rollcall-csrf': '1' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.getSetCookie()[0]).toMatch(/^rollcall-login-\d+=; .*Max-Age=0;/);
    expect((await api.raw('/v1/nodes', { headers: { cookie } })).status).toBe(401);
  });

  test("is logged out at once when its token is revoked, and has the token's role", async () => {
    const { data } = await createApiToken({ client: api.admin, body: { name: 'browsing', role: 'viewer' } });
    const cookie = await cookieFor(data?.token);
    expect((await makeNode('by-viewer', { cookie, ...SAME_ORIGIN, 'x-rollcall-csrf': '1' })).status).toBe(403);
    expect((await api.raw('/v1/nodes', { headers: { cookie } })).status).toBe(200);
    await revokeApiToken({ client: api.admin, path: { id: data?.apiToken.id ?? '' } });
    expect((await api.raw('/v1/nodes', { headers: { cookie } })).status).toBe(401);
  });

  test('is refused with a wrong token, and gets no cookie', async () => {
    for (const token of [`rca_0123456789abcdef_${'a'.repeat(43)}`, api.joinToken, 'nonsense']) {
      const response = await logIn(token);
      expect([response.status, response.headers.getSetCookie()]).toEqual([401, []]);
      expect(await response.json()).toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  test('cannot be an agent', async () => {
    const cookie = await cookieFor();
    expect(
      (await api.raw('/v1/agent/heartbeat', { method: 'POST', body: '{}', headers: { ...JSON_TYPE, cookie } })).status,
    ).toBe(401);
  });
});

test('a login is stored as the hash of its cookie, until it ends', async () => {
  const cookie = await cookieFor();
  const connection = api.app.get<Connection>(getConnectionToken());
  const logins = await connection.collection('logins').find().toArray();
  expect(JSON.stringify(logins)).not.toContain(cookie.split('=')[1]);
  const ttl = (await connection.collection('logins').indexes()).find(({ key }) => 'expiresAt' in key);
  expect(ttl).toMatchObject({ expireAfterSeconds: 0 });
});

test('a login is refused after it has ended, even before the database has removed it', async () => {
  const cookie = await cookieFor();
  const connection = api.app.get<Connection>(getConnectionToken());
  await connection.collection('logins').updateMany({}, { $set: { expiresAt: new Date(Date.now() - 1) } });
  expect((await api.raw('/v1/nodes', { headers: { cookie } })).status).toBe(401);
});

describe('another site cannot use the cookie', () => {
  const CASES: [string, Record<string, string>, number][] = [
    ['our page', { ...SAME_ORIGIN, 'x-rollcall-csrf': '1' }, 201],
    [
      'our page behind a proxy that renames the host',
      { ...SAME_ORIGIN, 'x-rollcall-csrf': '1', origin: 'https://rollcall.example' },
      201,
    ],
    ['a page without our header: a form', SAME_ORIGIN, 403],
    ['another site', { 'sec-fetch-site': 'cross-site', 'x-rollcall-csrf': '1' }, 403],
    ['another port of this host', { 'sec-fetch-site': 'same-site', 'x-rollcall-csrf': '1' }, 403],
    ['another origin, in a browser that says no more', { origin: 'http://evil.example', 'x-rollcall-csrf': '1' }, 403],
    ['a page without an origin', { origin: 'null', 'x-rollcall-csrf': '1' }, 403],
  ];
  test.each(CASES)('%s', async (title, headers, status) => {
    const cookie = await cookieFor();
    const response = await makeNode(`n-${CASES.findIndex(([known]) => known === title)}`, { cookie, ...headers });
    expect(response.status).toBe(status);
    if (status === 403)
      expect(await response.json()).toMatchObject({
        code: 'FORBIDDEN',
        detail: 'this request does not prove that it comes from the web page of this api',
      });
  });

  test('nor log somebody in as somebody else', async () => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'http://evil.example' }]) {
      const response = await logIn(api.adminToken, headers);
      expect([response.status, response.headers.getSetCookie()]).toEqual([403, []]);
    }
  });

  test('nor read: preflights and answers have no CORS headers', async () => {
    const preflight = await api.raw('/v1/nodes', {
      method: 'OPTIONS',
      headers: {
        origin: 'http://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-rollcall-csrf',
      },
    });
    expect(preflight.ok).toBe(false);
    const read = await api.raw('/v1/nodes', { headers: { cookie: await cookieFor(), origin: 'http://evil.example' } });
    for (const response of [preflight, read]) {
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });

  test('a token needs no such protection, since browsers do not send it by themselves', async () => {
    expect(
      (await makeNode('by-token', { authorization: `Bearer ${api.adminToken}`, 'sec-fetch-site': 'cross-site' }))
        .status,
    ).toBe(201);
  });
});

describe('an Idempotency-Key with a cookie', () => {
  const OURS = { ...SAME_ORIGIN, 'x-rollcall-csrf': '1', 'idempotency-key': 'k-1' };

  test('repeats its answer to the same login; the next login learns that it was done', async () => {
    const cookie = await cookieFor();
    const first = (await (await makeNode('once', { cookie, ...OURS })).json()) as { bootstrapToken: string };
    const again = (await (await makeNode('once', { cookie, ...OURS })).json()) as { bootstrapToken: string };
    expect(again.bootstrapToken).toBe(first.bootstrapToken);
    const later = await makeNode('once', { cookie: await cookieFor(), ...OURS });
    expect(later.status).toBe(409);
    expect(await later.json()).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      detail: expect.stringContaining('was done already'),
    });
  });
});
