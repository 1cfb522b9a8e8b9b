import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { listAudit, listNodeEvents } from '../../../client/index.js';
import { eventually } from '../../support/eventually.js';
import { freshDatabase, startApi, useApi } from '../../support/api/api-under-test.js';
import { clientSecretFile } from '../../support/openid/client-secret-file.js';
import { CLIENT, OpenIdProvider, settingsFor, useOpenIdProvider } from '../../support/openid/openid-provider.js';
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

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
const CHANGE = { ...SAME_ORIGIN, 'x-rollcall-csrf': '1' };

type From = { raw: typeof api.raw };

/** Up to where the provider sends the browser back to. @param as who it says that it is */
async function comeBack(as: string, from: From = api): Promise<{ answer: string; cookie: string }> {
  const start = await from.raw('/v1/login/provider/start', { method: 'POST', headers: SAME_ORIGIN, body: '{}' });
  expect(start.status).toBe(200);
  const { url } = (await start.json()) as { url: string };
  const visitor = new Visitor();
  const { leaves } = await visitor.submit(await visitor.go(url), { login: as });
  return { answer: new URL(leaves ?? '').search.slice(1), cookie: cookieOf(start) };
}

function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((set) => set.split(';', 1)[0] ?? '')
    .filter((pair) => !pair.endsWith('='))
    .join('; ');
}

const finish = (answer: string, cookie: string, from: From = api) =>
  from.raw('/v1/login/provider', {
    method: 'POST',
    headers: { ...SAME_ORIGIN, cookie },
    body: JSON.stringify({ answer }),
  });

async function signIn(as: string, from: From = api): Promise<string> {
  const { answer, cookie } = await comeBack(as, from);
  const response = await finish(answer, cookie, from);
  expect([response.status, await response.clone().text()]).toEqual([200, expect.any(String)]);
  return cookieOf(response);
}

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
      headers: { ...CHANGE, cookie },
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
      return api.raw('/v1/nodes', { method: 'POST', headers: { ...CHANGE, cookie }, body });
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

describe('an answer of the provider is refused', () => {
  const CASES: [string, (back: { answer: string; cookie: string }) => { answer: string; cookie: string }, RegExp][] = [
    ['with another state', ({ answer, cookie }) => ({ answer: changed(answer, 'state'), cookie }), /"state"/],
    ['from another issuer', ({ answer, cookie }) => ({ answer: changed(answer, 'iss'), cookie }), /"iss"/],
    ['with a made-up code', ({ answer, cookie }) => ({ answer: changed(answer, 'code'), cookie }), /invalid_grant/],
    ['for another nonce', ({ answer, cookie }) => ({ answer, cookie: withPart(cookie, 1) }), /"nonce"/],
    ['for another verifier', ({ answer, cookie }) => ({ answer, cookie: withPart(cookie, 2) }), /invalid_grant/],
    ['in another browser', ({ answer }) => ({ answer, cookie: '' }), /not begun in this browser/],
  ];
  test.each(CASES)('%s', async (_title, spoil, sentence) => {
    const { answer, cookie } = spoil(await comeBack('olga'));
    const response = await finish(answer, cookie);
    expect([response.status, response.headers.getSetCookie().some((set) => set.includes('-login'))]).toEqual([
      403,
      false,
    ]);
    expect(((await response.json()) as { detail: string }).detail).toMatch(sentence);
  });

  test('a second time', async () => {
    const { answer, cookie } = await comeBack('olga');
    expect((await finish(answer, cookie)).status).toBe(200);
    expect((await finish(answer, cookie)).status).toBe(403);
  });

  test('to a page of elsewhere', async () => {
    const { answer, cookie } = await comeBack('olga');
    const response = await api.raw('/v1/login/provider', {
      method: 'POST',
      headers: { ...SAME_ORIGIN, 'sec-fetch-site': 'cross-site', cookie },
      body: JSON.stringify({ answer }),
    });
    expect(response.status).toBe(403);
  });
});

describe('an ID token of the provider is refused', () => {
  const past = Math.floor(Date.now() / 1_000) - 60;
  test.each([
    ['of another issuer', { iss: 'http://127.0.0.1:1' }],
    ['for another client', { aud: 'elsewhere' }],
    ['that has expired', { exp: past }],
    ['that never expires', { exp: undefined }],
    ['without a subject', { sub: undefined }],
  ])('%s', async (_title, claims) => {
    const { answer, cookie } = await comeBack('olga');
    provider.spoil = (right) => ({ ...right, ...claims });
    try {
      const response = await finish(answer, cookie);
      expect([response.status, response.headers.getSetCookie().some((set) => set.includes('-login'))]).toEqual([
        403,
        false,
      ]);
      expect(await response.json()).toMatchObject({
        detail: expect.stringMatching(/^the identity provider did not let you in: /),
      });
    } finally {
      provider.spoil = undefined;
    }
  });
});

test('a key that the provider has newly is found', async () => {
  await signIn('olga');
  await provider.rotateKeys();
  await eventually(() => signIn('olga'));
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
    const out = await api.raw('/v1/login', { method: 'DELETE', headers: { ...CHANGE, cookie } });
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

test('without a refresh token a login is as short as what the provider gave', async () => {
  const brief = await OpenIdProvider.start({ refreshes: false, idTokenTtl: 60 });
  brief.people.set('olga', ['ops']);
  const other = await startApi({ mongoUri: freshDatabase(api.mongoUri), settings: settingsFor(brief, secretFile) });
  try {
    const { expiresAt } = (await (await whoIs(await signIn('olga', other), other)).json()) as { expiresAt: string };
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
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

describe('a client that cannot show who it is', () => {
  const NOBODY = 'nobody can sign in at the identity provider at present';

  async function refused(ownSecretFile: string): Promise<unknown> {
    const settings = settingsFor(provider, ownSecretFile);
    const other = await startApi({ mongoUri: freshDatabase(api.mongoUri), settings });
    try {
      const start = await other.raw('/v1/login/provider/start', { method: 'POST', headers: SAME_ORIGIN, body: '{}' });
      if (start.status !== 200) return await start.json();
      const { answer, cookie } = await comeBack('olga', other);
      return await (await finish(answer, cookie, other)).json();
    } finally {
      await other.close();
    }
  }

  test('is told of as that where the file with its secret cannot be read', async () => {
    expect(await refused(join(secretFile, 'nowhere'))).toMatchObject({
      status: 503,
      detail: `${NOBODY}: the api cannot read the file with its secret`,
      hint: expect.stringContaining('ClientSecretFile'),
    });
  });

  test('is told of as that where the provider does not know its secret', async () => {
    const wrong = `${secretFile}-wrong`;
    await writeFile(wrong, 'no-secret-of-the-client');
    expect(await refused(wrong)).toMatchObject({
      status: 503,
      detail: `${NOBODY}: it does not accept ClientId or its secret`,
    });
  });

  test('does not end the logins that there are', async () => {
    const cookie = await signIn('olga');
    await writeFile(secretFile, 'no-secret-of-the-client');
    try {
      await eventually(async () => {
        const response = await whoIs(cookie);
        expect(response.status).toBe(503);
        expect(await response.json()).toMatchObject({ detail: expect.stringContaining('ClientId or its secret') });
      });
    } finally {
      await writeFile(secretFile, `${CLIENT.secret}\n`);
    }
    await eventually(async () => expect((await whoIs(cookie)).status).toBe(200));
  });
});

function changed(answer: string, name: string): string {
  const query = new URLSearchParams(answer);
  query.set(name, name === 'iss' ? 'http://127.0.0.1:1' : 'x'.repeat(43));
  return query.toString();
}

function withPart(cookie: string, at: number): string {
  const [name = '', value = ''] = cookie.split('=');
  return `${name}=${value.split('.').with(at, 'x'.repeat(43)).join('.')}`;
}
