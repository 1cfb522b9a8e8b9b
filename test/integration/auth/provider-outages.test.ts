import { beforeAll, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { createApiToken, revokeApiToken } from '../../../client/index.js';
import { freshDatabase, startApi, useApi } from '../../support/api/api-under-test.js';
import { eventually } from '../../support/eventually.js';
import { clientSecretFile } from '../../support/openid/client-secret-file.js';
import { OpenIdProvider, settingsFor, useOpenIdProvider } from '../../support/openid/openid-provider.js';
import { OWN_PAGE, signInAs } from '../../support/openid/sign-in.js';

/** An identity provider that is unavailable, slow or replaced, and who is affected. */

const secretFile = await clientSecretFile();

const provider = useOpenIdProvider();
const api = useApi({
  settings: () => ({ ...settingsFor(provider, secretFile), 'Orchestrator.Auth.OIDC.CheckEvery': '1s' }),
});
beforeAll(() => void provider.people.set('olga', ['ops']));

const whoIs = (cookie: string, from: Pick<typeof api, 'raw'> = api) => from.raw('/v1/login', { headers: { cookie } });

test('a provider that takes its time holds up nobody but its people: a token that is revoked ends what it opened', async () => {
  const stream = (headers: Record<string, string>) =>
    api.raw('/v1/events', { headers: { ...headers, accept: 'text/event-stream' } });
  // At least once: a slow machine may take longer than the provider is waited for.
  await eventually(async () => {
    const people = await stream({ cookie: await signInAs('olga', api) });
    const made = await createApiToken({
      client: api.admin,
      body: { name: `reader-${crypto.randomUUID().slice(0, 8)}`, role: 'viewer' },
      throwOnError: true,
    });
    const { token, apiToken } = made.data;
    const reader = await stream({ authorization: `Bearer ${token}` });
    try {
      provider.silent = true;
      await eventually(() => expect(provider.held).toBeGreaterThan(0));
      const before = provider.givenUp;
      await revokeApiToken({ client: api.admin, path: { id: apiToken.id } });
      await reader.text();
      expect([provider.givenUp, provider.held > 0]).toEqual([before, true]);
    } finally {
      provider.silent = false;
      await people.body?.cancel().catch(() => undefined);
    }
  });
});

test('who is signed in hears at once that the provider has just not answered, whoever asked it', async () => {
  const cookie = await signInAs('olga', api);
  const { db } = api.app.get<Connection>(getConnectionToken());
  const logins = api.app.get<Connection>(getConnectionToken()).collection('logins');
  provider.broken = true;
  try {
    await logins.updateMany({}, { $inc: { 'person.checkedAt': -3_600_000 } });
    await db?.command({ profile: 2 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => whoIs(cookie)));
    answers.push(await whoIs(cookie));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
    const looks = await db?.collection('system.profile').countDocuments({ ns: /\.logins$/, op: 'query' });
    expect(looks).toBeLessThan(100);
  } finally {
    await db?.command({ profile: 0 });
    provider.broken = false;
  }
  await eventually(async () => expect((await whoIs(cookie)).status).toBe(200));
});

test('who is signed in signs out while the provider is away', async () => {
  const cookie = await signInAs('olga', api);
  provider.broken = true;
  try {
    await eventually(async () => expect((await whoIs(cookie)).status).toBe(503));
    const out = await api.raw('/v1/login', { method: 'DELETE', headers: { ...OWN_PAGE, cookie } });
    expect([out.status, out.headers.getSetCookie()]).toEqual([200, [expect.stringMatching(/=; .*Max-Age=0/)]]);
  } finally {
    provider.broken = false;
  }
  expect((await whoIs(cookie)).status).toBe(401);
});

test('a provider whose endpoints move loses nobody, and signs people in where they are then', async () => {
  const roaming = await OpenIdProvider.start();
  roaming.people.set('olga', ['ops']);
  const settings = { ...settingsFor(roaming, secretFile), 'Orchestrator.Auth.OIDC.CheckEvery': '1s' };
  const other = await startApi({ mongoUri: freshDatabase(api.mongoUri), settings });
  try {
    const cookie = await signInAs('olga', other);
    roaming.movedTo = '/moved';
    const asked = roaming.asked;
    await eventually(async () => {
      // Temporarily nothing can be checked, and nobody is signed out.
      expect([200, 503]).toContain((await whoIs(cookie, other)).status);
      expect(roaming.asked).toBeGreaterThan(asked);
    });
    await eventually(async () => expect((await whoIs(cookie, other)).status).toBe(200));
    expect((await whoIs(await signInAs('olga', other), other)).status).toBe(200);
  } finally {
    await other.close();
    await roaming.stop();
  }
});

test('the role follows the groups of the profile where a refresh brings no ID token', async () => {
  const sparing = await OpenIdProvider.start({ renewsIdToken: false });
  sparing.people.set('gone', ['ops']);
  const settings = { ...settingsFor(sparing, secretFile), 'Orchestrator.Auth.OIDC.CheckEvery': '1s' };
  const other = await startApi({ mongoUri: freshDatabase(api.mongoUri), settings });
  try {
    const cookie = await signInAs('gone', other);
    expect(await (await whoIs(cookie, other)).json()).toMatchObject({ role: 'operator' });
    sparing.people.set('gone', ['staff']);
    await eventually(async () => expect(await (await whoIs(cookie, other)).json()).toMatchObject({ role: 'viewer' }));
  } finally {
    await other.close();
    await sparing.stop();
  }
});

test('what one issuer gave opens nothing where another has taken its place', async () => {
  const successor = await OpenIdProvider.start();
  const mongoUri = freshDatabase(api.mongoUri);
  const first = await startApi({ mongoUri, settings: settingsFor(provider, secretFile) });
  const cookie = await signInAs('olga', first);
  await first.close();
  const tokens = { admin: first.adminToken, join: first.joinToken };
  try {
    for (const [issuer, status] of [
      [provider, 200],
      [successor, 401],
    ] as const) {
      const next = await startApi({ mongoUri, tokens, settings: settingsFor(issuer, secretFile) });
      // Its name contains the port.
      const renamed = cookie.replace(/-\d+=/, `-${new URL(next.url).port}=`);
      const answered = await whoIs(renamed, next);
      await next.close();
      expect(answered.status).toBe(status);
    }
  } finally {
    await successor.stop();
  }
});
