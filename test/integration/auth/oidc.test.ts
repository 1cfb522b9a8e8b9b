import { createHmac, generateKeyPairSync, createPublicKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { loadConfig } from '../../../contract/config/load-config.js';
import { eventually } from '../../support/eventually.js';
import { TestIssuer, useIssuer } from '../../support/oidc-issuer.js';
import { freshDatabase, startApi, useApi } from '../../support/api/api-under-test.js';

const SETTINGS = (url: string) => ({
  'Orchestrator.Auth.OIDC.Issuer': url,
  'Orchestrator.Auth.OIDC.Audience': 'rollcall',
  'Orchestrator.Auth.OIDC.RolesClaim': 'realm.groups',
  'Orchestrator.Auth.OIDC.RoleMapping':
    'rollcall-operators=operator,rollcall-viewers=viewer,gpu-ops=operator on pool=gpu',
});

const issuer = useIssuer();
const api = useApi({
  settings: () => ({ ...SETTINGS(issuer.url), 'Orchestrator.API.MaxWrongCredentialsPerSecond': '1000' }),
});

const get = (token: string, path = '/v1/login', from = api) =>
  from.raw(path, { headers: { authorization: `Bearer ${token}` } });
const post = (token: string, name: string, labels: Record<string, string> = {}) =>
  api.raw('/v1/nodes', {
    method: 'POST',
    body: JSON.stringify({ name, labels }),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });

describe('a token of the issuer', () => {
  test('opens what its role allows, under a name that no api token can have', async () => {
    const token = await issuer.sign();
    expect(await (await get(token)).json()).toEqual({
      name: 'oidc:ann',
      role: 'operator',
      grants: [],
      via: 'oidc',
      expiresAt: expect.any(String),
    });
    expect((await post(token, 'by-ann')).status).toBe(201);
    expect((await get(token, '/v1/api-tokens')).status).toBe(403);
    const events = (await (await get(token, '/v1/nodes/by-ann/events')).json()) as { items: { by: string }[] };
    expect(events.items.map(({ by }) => by)).toContain('oidc:ann');
  });

  test('is named by sub if it has no other displayable name', async () => {
    for (const preferred_username of [undefined, 7, 'a\u0000b', 'x'.repeat(200), 'a\u202eb']) {
      expect(await (await get(await issuer.sign({ preferred_username }))).json()).toMatchObject({
        name: 'oidc:user-7',
      });
    }
  });

  test.each([
    ['a viewer', ['rollcall-viewers'], 'viewer'],
    ['the highest of several', ['rollcall-viewers', 'rollcall-operators'], 'operator'],
    ['one that is a text', 'rollcall-viewers', 'viewer'],
  ])('has the role that its claim is mapped to: %s', async (_title, groups, role) => {
    expect(await (await get(await issuer.sign({ realm: { groups } }))).json()).toMatchObject({ role });
  });

  test('with a role over a scope opens nothing outside of it', async () => {
    const token = await issuer.sign({ realm: { groups: ['gpu-ops'] } });
    expect((await post(token, 'gpu-1', { pool: 'gpu' })).status).toBe(201);
    const refused = await post(token, 'cpu-1', { pool: 'cpu' });
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { detail: 'oidc:ann is operator on pool=gpu only, and node cpu-1 (pool=cpu) is outside' },
    ]);
  });

  test.each([
    ['none of them is mapped', { realm: { groups: ['staff'] } }],
    ['a role of ours is no name of theirs', { realm: { groups: ['admin', 'operator'] } }],
    ['names of every object are no roles', { realm: { groups: ['constructor', '__proto__', 'toString'] } }],
    ['there is no such claim', { realm: undefined }],
    ['the claim is something else', { realm: { groups: { 'rollcall-operators': true } } }],
  ])('is refused with %s', async (_title, claims) => {
    const response = await get(await issuer.sign(claims));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: 'FORBIDDEN',
      detail: 'oidc:ann has no role here: nothing in the claim realm.groups is mapped to one',
    });
  });

  const now = () => Math.floor(Date.now() / 1_000);
  const WRONG: [string, () => Promise<string> | string][] = [
    ['of another issuer', () => issuer.sign({ iss: 'http://127.0.0.1:1' })],
    ['of an issuer that is spelled otherwise', () => issuer.sign({ iss: `${issuer.url}/` })],
    ['for another audience', () => issuer.sign({ aud: 'elsewhere' })],
    ['for no audience', () => issuer.sign({ aud: undefined as never })],
    ['that has expired', () => issuer.sign({ iat: now() - 600, exp: now() - 10 })],
    ['that never expires', () => issuer.sign({ exp: undefined as never })],
    ['that is not good yet', () => issuer.sign({ nbf: now() + 60 })],
    ['without a subject', () => issuer.sign({ sub: undefined as never })],
    ['with a key that the issuer does not have', () => issuer.sign({}, { kid: 'key-of-nobody' })],
    ['signed with a key of somebody else under the issuer’s key id', () => signedBySomebodyElse(issuer)],
    ['with alg none', () => new UnsecuredJWT(issuer.claims()).encode()],
    ['with alg HS256 and the public key as the secret', () => signedWithThePublicKey(issuer)],
    [
      'with a changed claim',
      async () => withChangedClaims(await issuer.sign(), { realm: { groups: ['rollcall-operators'] }, sub: 'root' }),
    ],
  ];
  test.each(WRONG)('is refused like every wrong token if it is one %s', async (_title, make) => {
    const [wrong, unknown] = await Promise.all([get(await make()), get('nonsense')]);
    expect(wrong.status).toBe(401);
    const { instance: _one, ...answer } = (await wrong.json()) as Record<string, unknown>;
    const { instance: _other, ...usual } = (await unknown.json()) as Record<string, unknown>;
    expect(answer).toEqual(usual);
  });

  test('cannot act as a node, or log a browser in', async () => {
    const token = await issuer.sign();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    expect((await api.raw('/v1/agent/heartbeat', { method: 'POST', body: '{}', headers })).status).toBe(401);
    const login = await api.raw('/v1/login', {
      method: 'POST',
      body: JSON.stringify({ token: 'x'.repeat(128) }),
      headers,
    });
    expect(login.status).toBe(401);
  });

  test('is accepted some seconds after its expiry, since clocks differ', async () => {
    expect((await get(await issuer.sign({ exp: now() - 2 }))).status).toBe(200);
  });
});

test('tokens of an issuer work beside api tokens', async () => {
  expect(await (await get(api.adminToken)).json()).toMatchObject({ name: 'admin', via: 'token' });
});

test('unknown keys cause at most one request to the issuer in a while', async () => {
  await get(await issuer.sign());
  const before = issuer.asked;
  for (let index = 0; index < 20; index += 1) await get(await issuer.sign({}, { kid: `made-up-${index}` }));
  expect(issuer.asked - before).toBeLessThanOrEqual(1);
});

test('tokens of others and unsupported signatures cause no request to the issuer', async () => {
  const quiet = await TestIssuer.start();
  const other = await startApi({
    mongoUri: freshDatabase(api.mongoUri),
    settings: SETTINGS(quiet.url),
  });
  try {
    const tokens = [
      await quiet.sign({ iss: issuer.url }),
      new UnsecuredJWT(quiet.claims()).encode(),
      signedWithThePublicKey(quiet),
    ];
    for (const token of tokens) expect((await get(token, '/v1/login', other)).status).toBe(401);
    expect(quiet.asked).toBe(0);
    expect((await get(await quiet.sign(), '/v1/login', other)).status).toBe(200);
    expect(quiet.asked).toBe(1);
  } finally {
    await other.close();
    await quiet.stop();
  }
});

test('a new key of the issuer is found, and a withdrawn one is refused', async () => {
  const old = await issuer.sign();
  await issuer.rotate();
  const fresh = await issuer.sign();
  await eventually(async () => expect((await get(fresh)).status).toBe(200));
  expect((await get(old)).status).toBe(401);
});

test('an unreachable issuer means 503 for its tokens only, until it is back', async () => {
  const late = await TestIssuer.start();
  const { port, url } = late;
  const token = await late.sign();
  await late.stop();
  const other = await startApi({
    mongoUri: freshDatabase(api.mongoUri),
    settings: SETTINGS(url),
  });
  try {
    const response = await get(token, '/v1/login', other);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      code: 'UNAVAILABLE',
      detail: 'the issuer of this token does not answer, so nobody can tell whether it is good',
    });
    expect((await get(other.adminToken, '/v1/login', other)).status).toBe(200);
    const back = await TestIssuer.start(port);
    const fresh = await back.sign();
    await eventually(async () => expect((await get(fresh, '/v1/login', other)).status).toBe(200));
    await back.stop();
  } finally {
    await other.close();
  }
});

describe('the configuration', () => {
  const OIDC = (oidc: Record<string, unknown>) => () =>
    loadConfig({ file: { path: 'config.yaml', text: JSON.stringify({ Orchestrator: { Auth: { OIDC: oidc } } }) } });
  const GOOD = { Issuer: 'https://id.example', Audience: 'rollcall', RoleMapping: { ops: 'operator' } };

  test.each([
    [
      'an issuer over http',
      { ...GOOD, Issuer: 'http://id.example' },
      /OIDC\.Issuer .*without https anyone on the way could sign as the issuer/,
    ],
    [
      'no audience',
      { ...GOOD, Audience: undefined },
      /OIDC\.Audience is missing: tokens that the issuer made for other programs would open this one/,
    ],
    ['no role for anybody', { ...GOOD, RoleMapping: {} }, /OIDC\.RoleMapping is missing: nobody would have a role/],
    ['a role that does not exist', { ...GOOD, RoleMapping: { ops: 'root' } }, /OIDC\.RoleMapping\.ops .*"root"/],
  ])('refuses %s', (_title, oidc, sentence) => {
    expect(OIDC(oidc)).toThrow(sentence);
  });

  test('accepts a complete one', () => {
    expect(OIDC(GOOD)().Orchestrator.Auth.OIDC).toMatchObject({
      ...GOOD,
      RolesClaim: 'roles',
      NameClaim: 'preferred_username',
    });
  });
});

async function signedBySomebodyElse(known: TestIssuer): Promise<string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return new SignJWT(known.claims())
    .setProtectedHeader({ alg: 'RS256', kid: known.publicJwk.kid ?? '' })
    .sign(privateKey);
}

/** A token that a library accepts if it lets the token choose the algorithm. */
function signedWithThePublicKey(known: TestIssuer): string {
  const { publicJwk } = known;
  const pem = createPublicKey({ key: publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const signed = [{ alg: 'HS256', kid: publicJwk.kid }, known.claims()].map(encoded).join('.');
  return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
}

function withChangedClaims(token: string, changes: JWTPayload): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as JWTPayload;
  return [header, encoded({ ...claims, ...changes }), signature].join('.');
}

function encoded(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
