import { beforeAll, describe, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { listAudit, listNodeEvents } from '../../../client/index.js';
import { eventually } from '../../support/eventually.js';
import { freshDatabase, startApi, useApi } from '../../support/api/api-under-test.js';
import { clientSecretFile } from '../../support/openid/client-secret-file.js';
import { OpenIdProvider, settingsFor, useOpenIdProvider } from '../../support/openid/openid-provider.js';
import { comeBackAs, finishSignIn, OWN_PAGE, SAME_ORIGIN, signInAs } from '../../support/openid/sign-in.js';
import { Visitor } from '../../support/openid/visitor.js';

const secretFile = await clientSecretFile();

const provider = useOpenIdProvider();
const api = useApi({
  settings: () => ({
    ...settingsFor(provider, secretFile),
    'Orchestrator.Auth.OIDC.RoleMapping':
      'ops=operator,staff=viewer,gpu-ops=operator on pool=gpu,disks=admin on pool=disk',
    'Orchestrator.Auth.OIDC.CheckEvery': '1s',
  }),
});

beforeAll(() => {
  for (const [name, groups] of [
    ['olga', ['ops', 'elsewhere']],
    ['vera', ['staff']],
    ['both', ['staff', 'ops']],
    ['nobody', ['elsewhere']],
    ['gone', ['ops']],
    ['gina', ['staff', 'gpu-ops', 'disks']],
    ['moved', ['gpu-ops']],
  ] as const)
    provider.people.set(name, [...groups]);
});

type From = Pick<typeof api, 'raw'>;

const comeBack = (as: string, from: From = api) => comeBackAs(as, from);
const finish = (answer: string, cookie: string, from: From = api) => finishSignIn(answer, cookie, from);
const signIn = (as: string, from: From = api) => signInAs(as, from);
const whoIs = (cookie: string, from: From = api) => from.raw('/v1/login', { headers: { cookie } });

describe('a person of the provider', () => {
  test('signs in, and acts under their name with the role of their groups', async () => {
    const cookie = await signIn('olga');
    expect(await (await whoIs(cookie)).json()).toEqual({
      name: 'oidc:olga',
      role: 'operator',
      grants: [],
      via: 'login',
      expiresAt: expect.any(String),
    });
    const made = await api.raw('/v1/nodes', {
      method: 'POST',
      headers: { ...OWN_PAGE, cookie },
      body: JSON.stringify({ name: 'by-olga' }),
    });
    expect(made.status).toBe(201);
    const events = await listNodeEvents({ client: api.admin, path: { id: 'by-olga' }, throwOnError: true });
    expect(events.data.items.map(({ by }) => by)).toContain('oidc:olga');
    const audit = await listAudit({ client: api.admin, throwOnError: true });
    expect(audit.data.items).toContainEqual(
      expect.objectContaining({ by: 'oidc:olga', byId: `oidc:${JSON.stringify([provider.url, 'olga'])}` }),
    );
    expect((await api.raw('/v1/api-tokens', { headers: { cookie } })).status).toBe(403);
  });

  test.each([
    ['vera', 'viewer'],
    ['both', 'operator'],
  ])('has the highest role of their groups: %s is %s', async (name, role) => {
    expect(await (await whoIs(await signIn(name))).json()).toMatchObject({ role });
  });

  test('whose groups give roles over the nodes of scopes has all of them, and acts within them only', async () => {
    const cookie = await signIn('gina');
    expect(await (await whoIs(cookie)).json()).toMatchObject({
      role: 'viewer',
      grants: [
        { role: 'operator', scope: ['pool=gpu'] },
        { role: 'admin', scope: ['pool=disk'] },
      ],
    });
    const make = async (name: string, pool: string) => {
      const body = JSON.stringify({ name, labels: { pool } });
      return api.raw('/v1/nodes', { method: 'POST', headers: { ...OWN_PAGE, cookie }, body });
    };
    expect((await make('gpu-1', 'gpu')).status).toBe(201);
    expect((await make('disk-1', 'disk')).status).toBe(201);
    const refused = await make('cpu-1', 'cpu');
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      {
        detail: 'oidc:gina is operator on pool=gpu or operator on pool=disk only, and node cpu-1 (pool=cpu) is outside',
      },
    ]);
  });

  test('who signed in by an api that knew no scopes has none', async () => {
    const cookie = await signIn('both');
    const logins = api.app.get<Connection>(getConnectionToken()).collection('logins');
    const { modifiedCount } = await logins.updateMany(
      { 'person.name': 'oidc:both' },
      { $unset: { 'person.grants': 1 } },
    );
    expect(modifiedCount).toBeGreaterThan(0);
    expect(await (await whoIs(cookie)).json()).toMatchObject({ role: 'operator', grants: [] });
  });

  test('who leaves the group loses its scope when the provider is asked next', async () => {
    const cookie = await signIn('moved');
    expect(await (await whoIs(cookie)).json()).toMatchObject({ grants: [{ role: 'operator', scope: ['pool=gpu'] }] });
    provider.people.set('moved', ['staff']);
    await eventually(async () =>
      expect(await (await whoIs(cookie)).json()).toMatchObject({ role: 'viewer', grants: [] }),
    );
  });

  test('in no mapped group is refused, with the reason', async () => {
    const { answer, cookie } = await comeBack('nobody');
    const response = await finish(answer, cookie);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      detail: 'oidc:nobody has no role here: nothing in the claim roles is mapped to one',
    });
  });

  test('who says no there is told so', async () => {
    const { answer, cookie } = await comeBack('');
    const response = await finish(answer, cookie);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      detail: 'the identity provider did not let you in: access_denied',
    });
  });

  test('keeps nothing in the database that would let anybody else in', async () => {
    const cookie = await signIn('olga');
    const connection = api.app.get<Connection>(getConnectionToken());
    const logins = JSON.stringify(await connection.collection('logins').find().toArray());
    expect(logins).not.toContain(cookie.split('=')[1]);
    expect(logins).toContain('"sealed"');
    expect(logins).not.toMatch(/refresh|eyJ/);
  });
});

describe('somebody who is signed in', () => {
  test('is out once the provider has forgotten them', async () => {
    const cookie = await signIn('gone');
    provider.people.delete('gone');
    await eventually(async () => expect((await whoIs(cookie)).status).toBe(401));
    provider.people.set('gone', ['ops']);
    expect((await whoIs(cookie)).status).toBe(401);
  });

  test('and hears so in what is open, too', async () => {
    const cookie = await signIn('gone');
    const stream = await api.raw('/v1/events', { headers: { cookie, accept: 'text/event-stream' } });
    expect(stream.status).toBe(200);
    provider.people.delete('gone');
    await stream.text();
    expect((await whoIs(cookie)).status).toBe(401);
    provider.people.set('gone', ['ops']);
  });

  test('has the role of the groups that they are in by then, and is refused where none is mapped', async () => {
    const cookie = await signIn('gone');
    provider.people.set('gone', ['staff']);
    await eventually(async () => expect(await (await whoIs(cookie)).json()).toMatchObject({ role: 'viewer' }));
    provider.people.set('gone', []);
    await eventually(async () => expect([401, 403]).toContain((await whoIs(cookie)).status));
    provider.people.set('gone', ['ops']);
  });

  test('stays so however much is asked at once: the provider is asked by one of them', async () => {
    const cookie = await signIn('olga');
    for (let round = 0; round < 5; round += 1) {
      const connection = api.app.get<Connection>(getConnectionToken());
      await connection.collection('logins').updateMany({}, { $inc: { 'person.checkedAt': -3_600_000 } });
      const answers = await Promise.all(Array.from({ length: 8 }, () => whoIs(cookie)));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    }
  });

  test('is let in for a while by a provider that does not answer, and then hears why not', async () => {
    const cookie = await signIn('olga');
    provider.broken = true;
    try {
      await eventually(async () => {
        const response = await whoIs(cookie);
        expect(response.status).toBe(503);
        expect(await response.json()).toMatchObject({ detail: expect.stringContaining('the issuer of this login') });
      });
      expect((await api.raw('/v1/login', { headers: { authorization: `Bearer ${api.adminToken}` } })).status).toBe(200);
    } finally {
      provider.broken = false;
    }
    await eventually(async () => expect((await whoIs(cookie)).status).toBe(200));
  });

  test('signs out here and at the provider', async () => {
    const cookie = await signIn('olga');
    const out = await api.raw('/v1/login', { method: 'DELETE', headers: { ...OWN_PAGE, cookie } });
    expect(out.status).toBe(200);
    const { continueAt } = (await out.json()) as { continueAt: string };
    const there = new URL(continueAt);
    expect([there.origin, there.pathname, there.searchParams.get('post_logout_redirect_uri')]).toEqual([
      provider.url,
      '/session/end',
      `${new URL(api.url).origin}/`,
    ]);
    expect((await new Visitor().go(continueAt)).response.status).toBe(200);
    expect((await whoIs(cookie)).status).toBe(401);
  });
});

test.each([
  ['the ID token', { idTokenTtl: 60 }, {}, 60_000],
  ['MaxUnchecked', { idTokenTtl: 86_400 }, {}, 3_600_000],
  ['MaxUnchecked, where it is set', { idTokenTtl: 86_400 }, { 'Orchestrator.Auth.OIDC.MaxUnchecked': '2m' }, 120_000],
])('without a refresh token a login ends with %s', async (_, options, unchecked, mostMs) => {
  const brief = await OpenIdProvider.start({ refreshes: false, ...options });
  brief.people.set('olga', ['ops']);
  const settings = { ...settingsFor(brief, secretFile), ...unchecked };
  const other = await startApi({ mongoUri: freshDatabase(api.mongoUri), settings });
  try {
    const begun = Date.now();
    const { expiresAt } = (await (await whoIs(await signIn('olga', other), other)).json()) as { expiresAt: string };
    expect(Date.parse(expiresAt)).toBeGreaterThan(begun + mostMs - 5_000);
    expect(Date.parse(expiresAt)).toBeLessThanOrEqual(Date.now() + mostMs);
  } finally {
    await other.close();
    await brief.stop();
  }
});

test('a provider that is away is one sentence, and the api is there all the same', async () => {
  const away = await OpenIdProvider.start();
  const settings = settingsFor(away, secretFile);
  await away.stop();
  const other = await startApi({ mongoUri: freshDatabase(api.mongoUri), settings });
  try {
    expect(await (await other.raw('/v1/login/provider')).json()).toEqual({ name: 'the provider' });
    const start = await other.raw('/v1/login/provider/start', { method: 'POST', headers: SAME_ORIGIN, body: '{}' });
    expect(start.status).toBe(503);
    expect(await start.json()).toMatchObject({ detail: 'the identity provider does not answer' });
  } finally {
    await other.close();
  }
});
