import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { freshDatabase, startApi, useApi } from '../../support/api/api-under-test.js';
import { clientSecretFile } from '../../support/openid/client-secret-file.js';
import { CLIENT, settingsFor, useOpenIdProvider } from '../../support/openid/openid-provider.js';
import { comeBackAs, finishSignIn, SAME_ORIGIN, signInAs } from '../../support/openid/sign-in.js';

/** Answers of the provider that do not let a person in. */

const secretFile = await clientSecretFile();

const provider = useOpenIdProvider();
const api = useApi({
  settings: () => ({ ...settingsFor(provider, secretFile), 'Orchestrator.Auth.OIDC.CheckEvery': '1s' }),
});

beforeAll(() => void provider.people.set('olga', ['ops']));

type From = Pick<typeof api, 'raw'>;

const comeBack = (as: string, from: From = api) => comeBackAs(as, from);
const finish = (answer: string, cookie: string, from: From = api) => finishSignIn(answer, cookie, from);
const signIn = (as: string) => signInAs(as, api);
const whoIs = (cookie: string) => api.raw('/v1/login', { headers: { cookie } });

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
