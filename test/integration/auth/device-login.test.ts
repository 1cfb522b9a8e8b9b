import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { createNode, listNodeEvents } from '../../../client/index.js';
import { eventually } from '../../support/eventually.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi, type ApiUnderTest } from '../../support/api/api-under-test.js';
import { confirmDevice } from '../../support/openid/confirm-device.js';
import { clientSecretFile } from '../../support/openid/client-secret-file.js';
import { deviceLogin } from '../../support/openid/device-login.js';
import { settingsFor, useOpenIdProvider } from '../../support/openid/openid-provider.js';

const secretFile = await clientSecretFile();
const provider = useOpenIdProvider();
const settings = () => ({
  ...settingsFor(provider, secretFile),
  'Orchestrator.Auth.OIDC.RoleMapping': 'ops=operator,staff=viewer,gpu-ops=operator on pool=gpu',
  'Orchestrator.Auth.OIDC.CheckEvery': '1s',
  // Wrong handles are limited like all wrong credentials, which is tested elsewhere.
  'Orchestrator.API.MaxWrongCredentialsPerSecond': '1000',
});
const api = useApi({ settings });

beforeAll(() => {
  provider.people.set('olga', ['ops']).set('nobody', ['elsewhere']).set('gone', ['ops']).set('gina', ['gpu-ops']);
});

const begin = (from: Pick<ApiUnderTest, 'raw'> = api) => deviceLogin.begin(from);
const poll = (handle: string, from: Pick<ApiUnderTest, 'raw'> = api) => deviceLogin.poll(handle, from);
const signIn = (as: string) => deviceLogin.signIn(as, api);
const whoIs = (token: string) => deviceLogin.whoIs(token, api);

beforeEach(() => deviceLogin.pending(api).deleteMany({}));

describe('a command line whose person signs in at the provider', () => {
  test("shows a code, waits, and acts under the person's name with the role of their groups", async () => {
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
    await deviceLogin.letPoll(api);
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

  test('stores nothing in the database that would let anybody else in', async () => {
    const { handle, userCode } = await begin();
    const waiting = JSON.stringify(await deviceLogin.pending(api).find().toArray());
    expect(waiting).toContain('"sealed"');
    expect(waiting).not.toContain(handle);
    expect(waiting).not.toContain(userCode);
    const token = await signIn('olga');
    const connection = api.app.get<Connection>(getConnectionToken());
    const logins = JSON.stringify(await connection.collection('logins').find().toArray());
    expect(logins).toContain('"sealed"');
    expect(logins).not.toContain(token.slice(-43));
    expect(logins).not.toMatch(/refresh|eyJ/);
    expect(
      (await deviceLogin.pending(api).indexes()).find(({ key }) => 'expiresAt' in key && !('from' in key)),
    ).toMatchObject({
      expireAfterSeconds: 0,
    });
  });

  test('logs out: its token is refused afterwards', async () => {
    const token = await signIn('olga');
    const out = await api.raw('/v1/login', { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
    expect([out.status, out.headers.getSetCookie()]).toEqual([204, []]);
    expect((await whoIs(token)).status).toBe(401);
  });

  test('has a token that neither authenticates a node nor logs a browser in', async () => {
    const token = await signIn('olga');
    expect((await new AgentUnderTest(api).register(token)).error).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await deviceLogin.post('/v1/login', { token }, api)).status).toBe(401);
    expect(
      (await api.raw('/v1/login', { headers: { cookie: `rollcall-login-${new URL(api.url).port}=${token}` } })).status,
    ).toBe(401);
  });

  test('with a scoped role acts on its nodes only, and on none once the person has left the group', async () => {
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

  test('is logged out once the provider has forgotten the person', async () => {
    const token = await signIn('gone');
    provider.people.delete('gone');
    await eventually(async () => expect((await whoIs(token)).status).toBe(401));
    provider.people.set('gone', ['ops']);
    expect((await whoIs(token)).status).toBe(401);
  });
});

describe('a command line gets no token', () => {
  test('if the person refuses', async () => {
    const { handle, verificationUriComplete } = await begin();
    await confirmDevice(verificationUriComplete, '');
    const response = await poll(handle);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      detail: 'the identity provider did not let you in: access_denied',
    });
    expect((await poll(handle)).status).toBe(401);
  });

  test('if the person is in no mapped group', async () => {
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

  test('after its time, whatever the provider says', async () => {
    const { handle, verificationUriComplete } = await begin();
    await confirmDevice(verificationUriComplete, 'olga');
    await deviceLogin.pending(api).updateMany({}, { $set: { expiresAt: new Date(Date.now() - 1) } });
    const response = await poll(handle);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      detail: 'nobody waits for this sign-in: it was not confirmed in time, or is over',
      hint: 'Begin again: rollcall auth login',
    });
  });

  test('with an unknown handle', async () => {
    expect((await poll('x'.repeat(43))).status).toBe(401);
  });
});
