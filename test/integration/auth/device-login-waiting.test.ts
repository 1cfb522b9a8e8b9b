import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { freshDatabase, startApi, useApi, type ApiUnderTest } from '../../support/api/api-under-test.js';
import { confirmDevice } from '../../support/openid/confirm-device.js';
import { clientSecretFile } from '../../support/openid/client-secret-file.js';
import { deviceLogin } from '../../support/openid/device-login.js';
import { OpenIdProvider, settingsFor, useOpenIdProvider } from '../../support/openid/openid-provider.js';

const secretFile = await clientSecretFile();
const provider = useOpenIdProvider();
const settings = () => ({
  ...settingsFor(provider, secretFile),
  'Orchestrator.Auth.OIDC.RoleMapping': 'ops=operator',
  // Wrong handles are limited like all wrong credentials, which is tested elsewhere.
  'Orchestrator.API.MaxWrongCredentialsPerSecond': '1000',
});
const api = useApi({ settings });

beforeAll(() => {
  provider.people.set('olga', ['ops']);
});

const begin = (from: Pick<ApiUnderTest, 'raw'> = api) => deviceLogin.begin(from);
const poll = (handle: string, from: Pick<ApiUnderTest, 'raw'> = api) => deviceLogin.poll(handle, from);
const startOver = (from: Pick<ApiUnderTest, 'raw'> = api) => deviceLogin.post('/v1/login/device', {}, from);

beforeEach(() => deviceLogin.pending(api).deleteMany({}));

describe('a provider with a waiting command line', () => {
  test('is polled at its interval, and less often when it asks for that', async () => {
    const { handle, verificationUriComplete } = await begin();
    provider.slowDowns = 1;
    const before = provider.asked;
    expect(await (await poll(handle)).json()).toMatchObject({ pollAfterS: 6, token: null });
    for (let again = 0; again < 3; again += 1)
      expect(await (await poll(handle)).json()).toMatchObject({ pollAfterS: expect.any(Number), token: null });
    expect(provider.asked - before).toBe(1);
    await confirmDevice(verificationUriComplete, 'olga');
    await deviceLogin.letPoll(api);
    expect(await (await poll(handle)).json()).toMatchObject({ token: expect.any(String) });
  });

  test('is polled once for concurrent polls: the others get that it goes on, or that it is over', async () => {
    const { handle, verificationUriComplete } = await begin();
    await confirmDevice(verificationUriComplete, 'olga');
    const answers = await Promise.all(Array.from({ length: 8 }, () => poll(handle)));
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { token?: string | null }[];
    expect(bodies.filter(({ token }) => typeof token === 'string')).toHaveLength(1);
    expect(answers.every(({ status }) => status === 200 || status === 401)).toBe(true);
  });

  test('may be unavailable for a while', async () => {
    const { handle, verificationUriComplete } = await begin();
    provider.broken = true;
    try {
      const response = await poll(handle);
      expect([response.status, await response.json()]).toEqual([
        503,
        expect.objectContaining({ detail: 'the identity provider does not answer' }),
      ]);
      expect((await startOver()).status).toBe(503);
    } finally {
      provider.broken = false;
    }
    await confirmDevice(verificationUriComplete, 'olga');
    await deviceLogin.letPoll(api);
    expect(await (await poll(handle)).json()).toMatchObject({ token: expect.any(String) });
  });

  test('may end the wait earlier than the api', async () => {
    const brief = await OpenIdProvider.start({ deviceCodeTtl: 1 });
    const other = await startApi({ mongoUri: freshDatabase(api.mongoUri), settings: settingsFor(brief, secretFile) });
    try {
      const { handle } = await begin(other);
      const waiting = deviceLogin.pending(other);
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

test('any replica continues what another one started', async () => {
  const other = await startApi({ mongoUri: api.mongoUri, settings: settings() });
  try {
    const { handle, verificationUriComplete } = await begin();
    expect(await (await poll(handle, other)).json()).toMatchObject({ token: null });
    await confirmDevice(verificationUriComplete, 'olga');
    await deviceLogin.letPoll(api);
    const { token } = (await (await poll(handle, other)).json()) as { token: string };
    expect([(await deviceLogin.whoIs(token, api)).status, (await deviceLogin.whoIs(token, other)).status]).toEqual([
      200, 200,
    ]);
    await other.raw('/v1/login', { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
    expect((await deviceLogin.whoIs(token, api)).status).toBe(401);
  } finally {
    await other.close();
  }
});

describe('the number of waiting command lines is bounded', () => {
  const waiting = (count: number, from: (at: number) => string) =>
    deviceLogin.pending(api).insertMany(
      Array.from({ length: count }, (_, at) => ({
        _id: `somebody-${at}`,
        from: from(at),
        pollEveryS: 5,
        nextPollAt: 0,
        expiresAt: new Date(Date.now() + 60_000),
      })) as never,
    );

  test.each([
    ['per address', 50, () => '127.0.0.1', 'from this address'],
    ['in total', 10_000, (at: number) => `192.0.2.${at}`, 'in all'],
  ])('%s', async (_title, most, from, whose) => {
    await waiting(most - 1, from);
    await begin();
    const response = await startOver();
    expect([response.status, response.headers.has('retry-after'), await response.json()]).toEqual([
      429,
      true,
      expect.objectContaining({ detail: `too many command lines ${whose} wait for somebody to sign in` }),
    ]);
  });
});

describe('a login by device code is refused with one sentence', () => {
  async function refusal(otherSettings: Record<string, string>): Promise<unknown> {
    const other = await startApi({ mongoUri: freshDatabase(api.mongoUri), settings: otherSettings });
    try {
      return await (await startOver(other)).json();
    } finally {
      await other.close();
    }
  }

  test('without a configured provider', async () => {
    expect(await refusal({})).toMatchObject({
      status: 404,
      detail: 'nobody signs in at an identity provider here',
      hint: 'Use an api token: rollcall auth login --token-stdin',
    });
  });

  test('if the provider does not support it', async () => {
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
