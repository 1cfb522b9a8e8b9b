import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../../cli/run.js';
import { freshDatabase, startApi, useApi } from '../../support/api/api-under-test.js';
import { NOW } from '../../support/cli/example-nodes.js';
import { problem, type Answer, type Asked } from '../../support/cli/fake-api.js';
import { fakeTerminal, inTemporaryFolder } from '../../support/cli/fake-terminal.js';
import { rollcall } from '../../support/cli/rollcall.js';
import { eventually } from '../../support/eventually.js';
import { confirmDevice } from '../../support/openid/confirm-device.js';
import { clientSecretFile } from '../../support/openid/client-secret-file.js';
import { settingsFor, useOpenIdProvider } from '../../support/openid/openid-provider.js';

const secretFile = await clientSecretFile();

describe('at a real provider', () => {
  const provider = useOpenIdProvider();

  const api = useApi({
    settings: () => ({
      ...settingsFor(provider, secretFile),
      'Orchestrator.Auth.OIDC.RoleMapping': 'ops=operator,gpu-ops=operator on pool=gpu',
    }),
  });
  beforeAll(() => void provider.people.set('olga', ['ops']).set('gina', ['gpu-ops']));

  async function command(words: string[], home: string, server = api.url) {
    const terminal = fakeTerminal({ env: { ROLLCALL_HOME: home } });
    const code = await run([...words, '--server', server], terminal, new AbortController().signal);
    return { code, out: terminal.out(), err: terminal.err() };
  }

  /** Logs in as a person who opens the shown address. */
  async function logIn(home: string, as: string) {
    const terminal = fakeTerminal({ env: { ROLLCALL_HOME: home } });
    const words = ['auth', 'login', '--server', api.url];
    const ended = run(words, terminal, new AbortController().signal);
    const address = await eventually(() => {
      const [shown] = /^ {2}http\S+$/m.exec(terminal.err()) ?? [];
      if (shown === undefined) throw new Error(`no address yet: ${terminal.err()}`);
      return shown.trim();
    });
    await confirmDevice(address, as);
    return { code: await ended, out: terminal.out(), err: terminal.err() };
  }

  test('a person logs in, is known by later commands, and logs out for good', () =>
    inTemporaryFolder(async (home) => {
      const path = join(home, 'context.json');
      const login = await logIn(home, 'olga');
      expect([login.code, login.out]).toEqual([0, '']);
      const [, code] = /user_code=(\S+)/.exec(login.err) ?? [];
      expect(login.err).toBe(
        `To log in to ${api.url}, open this address in a browser and make sure that it shows the code ${code}:\n\n` +
          `  ${provider.url}/device?user_code=${code}\n\nWaiting for up to ${/up to (\S+) …/.exec(login.err)?.[1]} …\n` +
          `Logged in to ${api.url} as oidc:olga (operator); kept as context default in ${path}.\n`,
      );
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      const { contexts } = JSON.parse(await readFile(path, 'utf8')) as { contexts: Record<string, { token: string }> };
      const token = contexts['default']?.token ?? '';
      expect(token).toMatch(/^rcl_/);

      const who = await command(['auth', 'whoami'], home);
      expect(who.out).toMatch(/^Name +oidc:olga\nRole +operator\nExpires +in 1[12]h/m);
      expect((await command(['node', 'list', '-o', 'name'], home)).code).toBe(0);

      expect(await command(['auth', 'logout'], home)).toEqual({
        code: 0,
        out: '',
        err: `Removed context default from ${path}. The login has ended.\n`,
      });
      const kept = fakeTerminal({ env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: token } });
      expect(await run(['auth', 'whoami'], kept, new AbortController().signal)).toBe(4);
      expect(kept.err()).toMatch(/^UNAUTHENTICATED: .* Log in: rollcall auth login\n$/);
    }));

  test('with a role over some nodes a person hears which, and what is outside', () =>
    inTemporaryFolder(async (home) => {
      expect((await logIn(home, 'gina')).err).toMatch(
        /\nLogged in to \S+ as oidc:gina \(viewer, operator on pool=gpu\);/,
      );
      expect((await command(['auth', 'whoami'], home)).out).toMatch(/^Role +viewer, operator on pool=gpu$/m);
      const register = (name: string, pool: string) =>
        command(['node', 'register', name, '--label', `pool=${pool}`, '-o', 'json'], home);
      expect((await register('gpu-1', 'gpu')).code).toBe(0);
      expect(await register('cpu-1', 'cpu')).toMatchObject({
        code: 4,
        err: expect.stringMatching(
          /^FORBIDDEN: oidc:gina is operator on pool=gpu only, and node cpu-1 \(pool=cpu\) is outside\. /,
        ),
      });
      expect((await command(['node', 'list', '-o', 'name'], home)).out).toContain('gpu-1');
    }));

  test('whoever says no there is told so, and nothing is kept', () =>
    inTemporaryFolder(async (home) => {
      const { code, err } = await logIn(home, '');
      expect(code).toBe(4);
      expect(err).toContain('FORBIDDEN: the identity provider did not let you in: access_denied. Begin again');
      await expect(stat(join(home, 'context.json'))).rejects.toThrow('ENOENT');
    }));

  test('where nobody signs in at a provider it is one sentence, with the way out', () =>
    inTemporaryFolder(async (home) => {
      const plain = await startApi({ mongoUri: freshDatabase(api.mongoUri) });
      try {
        expect(await command(['auth', 'login'], home, plain.url)).toEqual({
          code: 5,
          out: '',
          err: 'NOT_FOUND: nobody signs in at an identity provider here. Use an api token: rollcall auth login --token-stdin\n',
        });
      } finally {
        await plain.close();
      }
    }));
});

describe('whatever a server answers', () => {
  const BEGUN = {
    handle: 'a-handle',
    userCode: 'WDJB-MJHT',
    verificationUri: 'https://id.example/device',
    verificationUriComplete: null,
    pollAfterS: 1,
    expiresAt: new Date(NOW + 600_000).toISOString(),
  };
  const LOGIN = { name: 'oidc:ann', role: 'viewer', via: 'login', expiresAt: new Date(NOW + 3_600_000).toISOString() };
  const GRANTED: Answer = { body: { pollAfterS: null, token: 'rcl_x', login: LOGIN } };
  const answering =
    (begun: object, ...polls: Answer[]) =>
    ({ path }: Asked): Answer =>
      path === '/v1/login/device' ? { body: { ...BEGUN, ...begun } } : (polls.shift() ?? GRANTED);

  test('a person may enter the code by hand', () =>
    inTemporaryFolder(async (home) => {
      const { code, err, asked } = await rollcall(['auth', 'login', '--home', home], answering({}));
      expect(code).toBe(0);
      expect(err).toContain(
        'open this address in a browser and enter the code WDJB-MJHT:\n\n  https://id.example/device\n\nWaiting for up to 10m …\n',
      );
      expect(asked.at(-1)).toMatchObject({ path: '/v1/login/device/poll', body: { handle: 'a-handle' } });
      expect(asked.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    }));

  test('an api that is away for a moment ends nothing, and is told of once', () =>
    inTemporaryFolder(async (home) => {
      const away = problem(503, 'UNAVAILABLE', 'the identity provider does not answer');
      const { code, err } = await rollcall(['auth', 'login', '--home', home], answering({}, away, away));
      expect(code).toBe(0);
      expect(err.match(/UNAVAILABLE: the identity provider does not answer \(trying on\)/g)).toHaveLength(1);
    }));

  test('nobody waits after the code has ended', async () => {
    const ended = { expiresAt: new Date(NOW).toISOString() };
    const { code, err } = await rollcall(['auth', 'login', '--home', '/nowhere'], answering(ended));
    expect(code).toBe(3);
    expect(err).toMatch(/TIMEOUT: nobody signed in before the code ended\. Begin again: rollcall auth login\n$/);
  });

  test('Ctrl-C ends the wait, and keeps nothing', () =>
    inTemporaryFolder(async (home) => {
      const interruption = new AbortController();
      const { code, err } = await rollcall(
        ['auth', 'login', '--home', home],
        (asked) => {
          setImmediate(() => setImmediate(() => interruption.abort()));
          return answering({ pollAfterS: 300 })(asked);
        },
        { interruption },
      );
      expect(code).toBe(130);
      expect(err).not.toMatch(/INTERNAL/);
      await expect(stat(join(home, 'context.json'))).rejects.toThrow('ENOENT');
    }));

  test('shows nothing that a terminal acts on', () =>
    inTemporaryFolder(async (home) => {
      const hostile = {
        userCode: 'A\u001b[2J',
        verificationUriComplete: 'https://id.example/\u202e\u001b]0;x\u0007\nFORGED',
      };
      const { err } = await rollcall(['auth', 'login', '--home', home], answering({ ...hostile, pollAfterS: -1 }));
      // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
      expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
      expect(err.split('\n').filter((line) => line.startsWith('FORGED'))).toEqual([]);
    }));

  test('a login that cannot be ended is forgotten all the same, and that is said', () =>
    inTemporaryFolder(async (home) => {
      const silent = problem(503, 'UNAVAILABLE', 'the database does not answer');
      const answer = (asked: Asked) => (asked.method === 'DELETE' ? silent : answering({})(asked));
      await rollcall(['auth', 'login', '--home', home], answer);
      const { code, err } = await rollcall(['auth', 'logout', '--home', home], answer);
      expect(code).toBe(1);
      expect(err).toMatch(
        /^Removed context default from .*\nLOGIN_NOT_ENDED: the login was forgotten here, and not ended: the database does not answer\. It ends by itself within 12 hours/,
      );
      await expect(stat(join(home, 'context.json'))).rejects.toThrow('ENOENT');
    }));
});
