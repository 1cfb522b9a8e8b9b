import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Collection, Connection } from 'mongoose';
import { createNode, listNodeEvents } from '../../../client/index.js';
import { eventually } from '../../support/eventually.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { freshDatabase, startApi, useApi } from '../../support/api/api-under-test.js';
import { confirmDevice } from '../../support/openid/confirm-device.js';
import { clientSecretFile } from '../../support/openid/client-secret-file.js';
import { OpenIdProvider, settingsFor, useOpenIdProvider } from '../../support/openid/openid-provider.js';

const secretFile = await clientSecretFile();

const provider = useOpenIdProvider();
const settings = () => ({
  ...settingsFor(provider, secretFile),
  'Orchestrator.Auth.OIDC.RoleMapping': 'ops=operator,staff=viewer,gpu-ops=operator on pool=gpu',
  'Orchestrator.Auth.OIDC.CheckEvery': '1s',
  // Wrong handles are limited as all wrong credentials are, which is tested elsewhere.
  'Orchestrator.API.MaxWrongCredentialsPerSecond': '1000',
});
const api = useApi({ settings });

beforeAll(() => {
  provider.people.set('olga', ['ops']).set('nobody', ['elsewhere']).set('gone', ['ops']).set('gina', ['gpu-ops']);
});

type From = { raw: typeof api.raw };
type Begun = { handle: string; userCode: string; verificationUriComplete: string; pollAfterS: number };

const post = (path: string, body: unknown, from: From) =>
  from.raw(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

async function begin(from: From = api): Promise<Begun> {
  const response = await post('/v1/login/device', {}, from);
  expect([response.status, await response.clone().text()]).toEqual([200, expect.any(String)]);
  return (await response.json()) as Begun;
}

const poll = (handle: string, from: From = api) => post('/v1/login/device/poll', { handle }, from);

const pending = (): Collection => api.app.get<Connection>(getConnectionToken()).collection('devicelogins');

/** As if the time to ask again had come. */
const letItBeTime = () => pending().updateMany({}, { $set: { nextPollAt: 0 } });

async function signIn(as: string, from: From = api): Promise<string> {
  const { handle, verificationUriComplete } = await begin(from);
  await confirmDevice(verificationUriComplete, as);
  const { token } = (await (await poll(handle, from)).json()) as { token: string };
  expect(token).toMatch(/^rcl_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
  return token;
}

const whoIs = (token: string, from: From = api) =>
  from.raw('/v1/login', { headers: { authorization: `Bearer ${token}` } });

beforeEach(() => pending().deleteMany({}));

describe('a command line whose person signs in at the provider', () => {
  test('shows them a code, waits, and acts under their name with the role of their groups', async () => {
    const begun = await begin();
    expect(begun).toEqual({
      handle: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
      verificationUri: `${provider.url}/device`,
      verificationUriComplete: `${provider.url}/device?user_code=${begun.userCode}`,
      pollAfterS: 1,
      expiresAt: expect.any(String),
    });
    expect(await (await poll(begun.handle)).json()).toEqual({ pollAfterS: 1, token: null, login: null });
    await confirmDevice(begun.verificationUriComplete, 'olga');
    await letItBeTime();
    const granted = (await (await poll(begun.handle)).json()) as { token: string };
    const login = { name: 'oidc:olga', role: 'operator', grants: [], via: 'login', expiresAt: expect.any(String) };
    expect(granted).toEqual({ pollAfterS: null, token: expect.any(String), login });
    expect(await (await whoIs(granted.token)).json()).toEqual(login);
    const client = api.as(granted.token);
    await createNode({ client, body: { name: 'by-olga' }, throwOnError: true });
    const events = await listNodeEvents({ client, path: { id: 'by-olga' }, throwOnError: true });
    expect(events.data.items.map(({ by }) => by)).toContain('oidc:olga');
    expect((await poll(begun.handle)).status).toBe(401);
  });

  test('keeps nothing in the database that would let anybody else in', async () => {
    const { handle, userCode } = await begin();
    const waiting = JSON.stringify(await pending().find().toArray());
    expect(waiting).toContain('"sealed"');
    expect(waiting).not.toContain(handle);
    expect(waiting).not.toContain(userCode);
    const token = await signIn('olga');
    const connection = api.app.get<Connection>(getConnectionToken());
    const logins = JSON.stringify(await connection.collection('logins').find().toArray());
    expect(logins).toContain('"sealed"');
    expect(logins).not.toContain(token.slice(-43));
    expect(logins).not.toMatch(/refresh|eyJ/);
    expect((await pending().indexes()).find(({ key }) => 'expiresAt' in key && !('from' in key))).toMatchObject({
      expireAfterSeconds: 0,
    });
  });

  test('logs out: its token opens nothing any more', async () => {
    const token = await signIn('olga');
    const out = await api.raw('/v1/login', { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
    expect([out.status, out.headers.getSetCookie()]).toEqual([204, []]);
    expect((await whoIs(token)).status).toBe(401);
  });

  test('holds a token that is no way to be a node, nor to log a browser in', async () => {
    const token = await signIn('olga');
    expect((await new AgentUnderTest(api).register(token)).error).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await post('/v1/login', { token }, api)).status).toBe(401);
    expect(
      (await api.raw('/v1/login', { headers: { cookie: `rollcall-login-${new URL(api.url).port}=${token}` } })).status,
    ).toBe(401);
  });

  test('whose group gives a role over some nodes acts on those only, and on none once out of the group', async () => {
    const token = await signIn('gina');
    const grants = [{ role: 'operator', scope: ['pool=gpu'] }];
    expect(await (await whoIs(token)).json()).toMatchObject({ role: 'viewer', grants });
    const client = api.as(token);
    const make = async (name: string, pool: string) =>
      (await createNode({ client, body: { name, labels: { pool } } })).error;
    expect(await make('gpu-1', 'gpu')).toBeUndefined();
    expect(await make('cpu-1', 'cpu')).toMatchObject({
      code: 'FORBIDDEN',
      detail: 'oidc:gina is operator on pool=gpu only, and node cpu-1 (pool=cpu) is outside',
    });
    provider.people.set('gina', ['staff']);
    await eventually(async () => expect(await (await whoIs(token)).json()).toMatchObject({ grants: [] }));
    expect(await make('gpu-2', 'gpu')).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('is out once the provider has forgotten them', async () => {
    const token = await signIn('gone');
    provider.people.delete('gone');
    await eventually(async () => expect((await whoIs(token)).status).toBe(401));
    provider.people.set('gone', ['ops']);
    expect((await whoIs(token)).status).toBe(401);
  });
});

describe('it gets no token', () => {
  test('where the person says no', async () => {
    const { handle, verificationUriComplete } = await begin();
    await confirmDevice(verificationUriComplete, '');
    const response = await poll(handle);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      detail: 'the identity provider did not let you in: access_denied',
    });
    expect((await poll(handle)).status).toBe(401);
  });

  test('where the person is in no mapped group', async () => {
    const { handle, verificationUriComplete } = await begin();
    await confirmDevice(verificationUriComplete, 'nobody');
    const response = await poll(handle);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      detail: 'oidc:nobody has no role here: nothing in the claim roles is mapped to one',
    });
  });

  const past = Math.floor(Date.now() / 1_000) - 60;
  test.each([
    ['of another issuer', { iss: 'http://127.0.0.1:1' }],
    ['for another client', { aud: 'elsewhere' }],
    ['that has expired', { exp: past }],
    ['that never expires', { exp: undefined }],
    ['without a subject', { sub: undefined }],
  ])('for an ID token %s', async (_title, claims) => {
    const { handle, verificationUriComplete } = await begin();
    await confirmDevice(verificationUriComplete, 'olga');
    provider.spoil = (right) => ({ ...right, ...claims });
    try {
      const response = await poll(handle);
      expect([response.status, await response.json()]).toEqual([
        403,
        expect.objectContaining({ detail: expect.stringMatching(/^the identity provider did not let you in: /) }),
      ]);
    } finally {
      provider.spoil = undefined;
    }
  });

  test('after the time that it has, whatever the provider says', async () => {
    const { handle, verificationUriComplete } = await begin();
    await confirmDevice(verificationUriComplete, 'olga');
    await pending().updateMany({}, { $set: { expiresAt: new Date(Date.now() - 1) } });
    const response = await poll(handle);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      detail: 'nobody waits for this sign-in: it was not confirmed in time, or is over',
      hint: 'Begin again: rollcall auth login',
    });
  });

  test('with a handle that nobody was given', async () => {
    expect((await poll('x'.repeat(43))).status).toBe(401);
  });
});

describe('the provider', () => {
  test('is not asked before it wants to be, and less often when it says so', async () => {
    const { handle, verificationUriComplete } = await begin();
    provider.slowDowns = 1;
    const before = provider.asked;
    expect(await (await poll(handle)).json()).toMatchObject({ pollAfterS: 6, token: null });
    for (let again = 0; again < 3; again += 1)
      expect(await (await poll(handle)).json()).toMatchObject({ pollAfterS: expect.any(Number), token: null });
    expect(provider.asked - before).toBe(1);
    await confirmDevice(verificationUriComplete, 'olga');
    await letItBeTime();
    expect(await (await poll(handle)).json()).toMatchObject({ token: expect.any(String) });
  });

  test('is asked by one of all who ask at once: the others hear that it goes on, or that it is over', async () => {
    const { handle, verificationUriComplete } = await begin();
    await confirmDevice(verificationUriComplete, 'olga');
    const answers = await Promise.all(Array.from({ length: 8 }, () => poll(handle)));
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { token?: string | null }[];
    expect(bodies.filter(({ token }) => typeof token === 'string')).toHaveLength(1);
    expect(answers.every(({ status }) => status === 200 || status === 401)).toBe(true);
  });

  test('may be away for a while', async () => {
    const { handle, verificationUriComplete } = await begin();
    provider.broken = true;
    try {
      const response = await poll(handle);
      expect([response.status, await response.json()]).toEqual([
        503,
        expect.objectContaining({ detail: 'the identity provider does not answer' }),
      ]);
      expect((await post('/v1/login/device', {}, api)).status).toBe(503);
    } finally {
      provider.broken = false;
    }
    await confirmDevice(verificationUriComplete, 'olga');
    await letItBeTime();
    expect(await (await poll(handle)).json()).toMatchObject({ token: expect.any(String) });
  });

  test('may find sooner than the api that the time is over', async () => {
    const brief = await OpenIdProvider.start({ deviceCodeTtl: 1 });
    const other = await startApi({ mongoUri: freshDatabase(api.mongoUri), settings: settingsFor(brief, secretFile) });
    try {
      const { handle } = await begin(other);
      const waiting = other.app.get<Connection>(getConnectionToken()).collection('devicelogins');
      await eventually(async () => {
        await waiting.updateMany({}, { $set: { nextPollAt: 0, expiresAt: new Date(Date.now() + 60_000) } });
        const response = await poll(handle, other);
        expect([response.status, await response.json()]).toEqual([
          403,
          expect.objectContaining({ detail: expect.stringMatching(/expired_token|invalid_grant/) }),
        ]);
      });
    } finally {
      await other.close();
      await brief.stop();
    }
  });
});

test('any api answers, and takes what another one gave', async () => {
  const other = await startApi({ mongoUri: api.mongoUri, settings: settings() });
  try {
    const { handle, verificationUriComplete } = await begin();
    expect(await (await poll(handle, other)).json()).toMatchObject({ token: null });
    await confirmDevice(verificationUriComplete, 'olga');
    await letItBeTime();
    const { token } = (await (await poll(handle, other)).json()) as { token: string };
    expect([(await whoIs(token)).status, (await whoIs(token, other)).status]).toEqual([200, 200]);
    await other.raw('/v1/login', { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
    expect((await whoIs(token)).status).toBe(401);
  } finally {
    await other.close();
  }
});

describe('so many wait at most', () => {
  const waiting = (count: number, from: (at: number) => string) =>
    pending().insertMany(
      Array.from({ length: count }, (_, at) => ({
        _id: `somebody-${at}`,
        from: from(at),
        pollEveryS: 5,
        nextPollAt: 0,
        expiresAt: new Date(Date.now() + 60_000),
      })) as never,
    );

  test.each([
    ['of an address', 50, () => '127.0.0.1', 'from this address'],
    ['in all', 10_000, (at: number) => `192.0.2.${at}`, 'in all'],
  ])('%s', async (_title, most, from, whose) => {
    await waiting(most - 1, from);
    await begin();
    const response = await post('/v1/login/device', {}, api);
    expect([response.status, response.headers.has('retry-after'), await response.json()]).toEqual([
      429,
      true,
      expect.objectContaining({ detail: `too many command lines ${whose} wait for somebody to sign in` }),
    ]);
  });
});

describe('there is one sentence', () => {
  async function refusal(otherSettings: Record<string, string>): Promise<unknown> {
    const other = await startApi({ mongoUri: freshDatabase(api.mongoUri), settings: otherSettings });
    try {
      return await (await post('/v1/login/device', {}, other)).json();
    } finally {
      await other.close();
    }
  }

  test('where no provider is configured', async () => {
    expect(await refusal({})).toMatchObject({
      status: 404,
      detail: 'nobody signs in at an identity provider here',
      hint: 'Use an api token: rollcall auth login --token-stdin',
    });
  });

  test('where the provider has no such way', async () => {
    const plain = await OpenIdProvider.start({ devices: false });
    try {
      expect(await refusal(settingsFor(plain, secretFile))).toMatchObject({
        status: 404,
        detail:
          'the identity provider has no way to sign people in at a command line (no device_authorization_endpoint)',
        hint: 'Use an api token: rollcall auth login --token-stdin',
      });
    } finally {
      await plain.stop();
    }
  });
});
