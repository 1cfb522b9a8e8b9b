import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { run } from '../../../cli/run.js';
import { CLUSTER } from '../../support/cli/example-cluster.js';
import { NOW } from '../../support/cli/example-nodes.js';
import { problem, startFakeApi, type FakeApi } from '../../support/cli/fake-api.js';
import { fakeTerminal, inTemporaryFolder, type FakeTerminalOptions } from '../../support/cli/fake-terminal.js';

const TOKEN = 'rca_abcdefghijklmnop_secret';
const LOGIN = {
  name: 'ann',
  role: 'operator',
  grants: [],
  via: 'token',
  expiresAt: new Date(NOW + 90_000).toISOString(),
};
const OTHER_TOKEN = 'rca_ponmlkjihgfedcba_secret';

let api: FakeApi;
let shownLogin: object;
beforeEach(async () => {
  shownLogin = LOGIN;
  api = await startFakeApi(({ headers, path }) =>
    headers.authorization?.endsWith('secret')
      ? { body: path === '/v1/login' ? shownLogin : CLUSTER }
      : problem(401, 'UNAUTHENTICATED', 'the token is not known'),
  );
});
afterEach(() => api.stop());

async function rollcall(words: string[], options: FakeTerminalOptions = {}) {
  const terminal = fakeTerminal(options);
  const code = await run(words, terminal, new AbortController().signal);
  return { code, out: terminal.out(), err: terminal.err() };
}

async function leaveContext(folder: string, token = TOKEN, mode = 0o600): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'context.json'), JSON.stringify({ server: api.url, token }));
  await chmod(join(folder, 'context.json'), mode);
}

/** Of the last authenticated request; /readyz needs no credential. */
const usedToken = () =>
  api.asked.findLast(({ path }) => path !== '/readyz')?.headers.authorization?.replace('Bearer ', '');

describe('a server that redirects to another address', () => {
  test.each([
    ['https://rollcall.example/v1/cluster', 'https://rollcall.example'],
    ['https://rollcall.example/api/v1/cluster', 'https://rollcall.example/api'],
    ['/elsewhere', 'http://127.0.0.1:'],
    ['https://rollcall.example/\u001b[2J', 'https://rollcall.example'],
  ])('%s: is not followed, and the error names the address', async (location, named) => {
    await api.stop();
    api = await startFakeApi(() => ({ status: 301, body: {}, headers: { location: encodeURI(location) } }));
    const env = { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: TOKEN };
    const { code, err } = await rollcall(['cluster'], { env });
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/^REDIRECTED: http:\/\/127\.0\.0\.1:\d+ sends on to [^\n]+ --server[^\n]+\n$/),
    });
    expect(err).toContain(`sends on to ${named}`);
    expect(api.asked.filter(({ path }) => path !== '/readyz')).toHaveLength(1);
  });
});

describe('server and token', () => {
  test('come from the context that npm start left in the clone', () =>
    inTemporaryFolder(async (installation) => {
      await leaveContext(join(installation, '.rollcall'));
      expect(await rollcall(['cluster'], { installation })).toMatchObject({ code: 0, err: '' });
      expect(usedToken()).toBe(TOKEN);
    }));

  test('come from ~/.config if the clone has none', () =>
    inTemporaryFolder(async (home) => {
      await leaveContext(join(home, '.config', 'rollcall'));
      expect((await rollcall(['cluster'], { env: { HOME: home } })).code).toBe(0);
    }));

  test('of a named home precede those of the clone, and the flag precedes the environment', () =>
    inTemporaryFolder(async (folder) => {
      await leaveContext(join(folder, '.rollcall'));
      await leaveContext(join(folder, 'named'), OTHER_TOKEN);
      await rollcall(['cluster'], { installation: folder, env: { ROLLCALL_HOME: join(folder, 'named') } });
      expect(usedToken()).toBe(OTHER_TOKEN);
      await rollcall(['cluster', '--home', join(folder, '.rollcall')], {
        installation: folder,
        env: { ROLLCALL_HOME: join(folder, 'named') },
      });
      expect(usedToken()).toBe(TOKEN);
    }));

  test('of the environment precede the context, and a token file precedes both', () =>
    inTemporaryFolder(async (folder) => {
      await leaveContext(join(folder, '.rollcall'));
      await writeFile(join(folder, 'token'), `${TOKEN.replace('secret', 'file-secret')}\n`);
      const env = { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: OTHER_TOKEN };
      await rollcall(['cluster'], { installation: folder, env });
      expect(usedToken()).toBe(OTHER_TOKEN);
      await rollcall(['cluster', '--token-file', join(folder, 'token')], { installation: folder, env });
      expect(usedToken()).toBe('rca_abcdefghijklmnop_file-secret');
    }));

  test("of one cluster: the context's token is not sent to another server", () =>
    inTemporaryFolder(async (installation) => {
      await leaveContext(join(installation, '.rollcall'));
      const { code, err } = await rollcall(['cluster', '--server', 'http://127.0.0.1:9'], { installation });
      expect(code).toBe(4);
      expect(err).toMatch(
        /^NOT_LOGGED_IN: the token in .*context\.json is for http:\/\/127\.0\.0\.1:\d+, not for http:\/\/127\.0\.0\.1:9\. Name a token for it: --token-file FILE\n$/,
      );
      expect(api.asked).toHaveLength(0);
    }));
});

test('without any token the command says how to get one, and exits with 4', async () => {
  const { code, err } = await rollcall(['node', 'list']);
  expect(code).toBe(4);
  expect(err).toBe(
    'NOT_LOGGED_IN: there is no token: /nowhere/.config/rollcall/context.json does not exist. Start a cluster with npm start, or log in: rollcall auth login --server URL\n',
  );
});

describe('a token that the server refuses', () => {
  const WRONG = 'rca_abcdefghijklmnop_wrong';

  /** @param provider where people sign in at that cluster */
  async function beRefused(provider: string | null = null): Promise<void> {
    await api.stop();
    api = await startFakeApi(({ path }) =>
      path === '/v1/login/provider' ? { body: { name: provider } } : problem(401, 'UNAUTHENTICATED', 'it is unknown'),
    );
  }

  async function wayIn(words: string[], options: FakeTerminalOptions): Promise<string> {
    const { code, err } = await rollcall(['cluster', ...words], options);
    expect(code).toBe(4);
    return err.replaceAll(/^UNAUTHENTICATED: it is unknown\. |\n$/g, '');
  }

  test.each([
    ['an api token', WRONG, null, 'Log in: rollcall auth login --token-stdin'],
    [
      'an api token, where people sign in at a provider',
      WRONG,
      'the provider',
      'Log in: rollcall auth login; or with another api token: rollcall auth login --token-stdin',
    ],
    ['a login at the provider', 'rcl_x', 'the provider', 'Log in: rollcall auth login'],
  ])('in a context with %s: names how to log in again', (_, token, provider, way) =>
    inTemporaryFolder(async (installation) => {
      await beRefused(provider);
      await leaveContext(join(installation, '.rollcall'), token);
      expect(await wayIn([], { installation })).toBe(way);
    }),
  );

  test('in a named context: names it', () =>
    inTemporaryFolder(async (home) => {
      await beRefused();
      await leaveContext(home, 'rcl_x');
      const words = ['--context', 'default', '--home', home];
      expect(await wayIn(words, {})).toBe('Log in: rollcall auth login --context default');
    }));

  test('from the environment or a file: says that logging in would not replace it', () =>
    inTemporaryFolder(async (folder) => {
      await beRefused();
      const env = { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: WRONG };
      const file = join(folder, 'token');
      await writeFile(file, WRONG);
      const instead = ', or leave it out and log in: rollcall auth login';
      expect(await wayIn([], { env })).toBe(`Put another token into ROLLCALL_TOKEN${instead}`);
      expect(await wayIn(['--token-file', file], { env })).toBe(`Put another token into ${file}${instead}`);
    }));
});

test('warns about a context that other users can read', () =>
  inTemporaryFolder(async (installation) => {
    await leaveContext(join(installation, '.rollcall'), TOKEN, 0o644);
    const { code, err } = await rollcall(['cluster'], { installation });
    expect(code).toBe(0);
    expect(err).toMatch(
      /^warning: other users of this machine can read the token in .*context\.json\. Try: chmod 600 /,
    );
  }));

test('reports a damaged context file', () =>
  inTemporaryFolder(async (home) => {
    await writeFile(join(home, 'context.json'), '{"server": "http://127.', { mode: 0o600 });
    const { code, err } = await rollcall(['cluster', '--home', home]);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^CONTEXT_UNREADABLE: .*context\.json is not a context file: .* Write it anew: rollcall auth login --server URL\n$/,
    );
  }));

test('refuses a token with a line break before it is sent, without showing it', async () => {
  const { code, err } = await rollcall(['cluster'], {
    env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: 'rca_abc\nrca_def' },
  });
  expect(code).toBe(4);
  expect(err).toBe(
    'UNAUTHENTICATED: the token has characters that no token has. Copy it again, without blanks or quotes\n',
  );
});

describe('auth login', () => {
  test('saves server and token for later commands, readable by their owner only', () =>
    inTemporaryFolder(async (folder) => {
      const home = join(folder, 'new');
      const login = await rollcall(['auth', 'login', '--token-stdin', '--server', `${api.url}/`, '--home', home], {
        stdin: `${TOKEN}\n`,
      });
      expect(login).toEqual({
        code: 0,
        out: '',
        err: `Logged in to ${api.url} as ann (operator); kept as context default in ${join(home, 'context.json')}.\n`,
      });
      expect((await stat(join(home, 'context.json'))).mode & 0o777).toBe(0o600);
      expect((await rollcall(['cluster', '--home', home])).code).toBe(0);
    }));

  test('saves nothing if the server refuses the token', () =>
    inTemporaryFolder(async (home) => {
      await leaveContext(home);
      const { code, err } = await rollcall(['auth', 'login', '--token-stdin', '--home', home], {
        stdin: 'rca_wrong\n',
      });
      expect(code).toBe(4);
      expect(err).toBe('UNAUTHENTICATED: the token is not known. Use another api token\n');
      expect(JSON.parse(await readFile(join(home, 'context.json'), 'utf8'))).toEqual({ server: api.url, token: TOKEN });
    }));

  test('warns if the token would be sent unencrypted', async () => {
    const { err } = await rollcall(
      ['auth', 'login', '--token-stdin', '--server', 'http://rollcall.invalid', '--home', '/nowhere'],
      { stdin: '' },
    );
    expect(err).toBe(
      'warning: http://rollcall.invalid is not encrypted: whoever is on the way can read the token\nUNAUTHENTICATED: the token is empty. Copy it again, without blanks or quotes\n',
    );
  });
});

describe('auth whoami', () => {
  test('shows who the server says one is', () =>
    inTemporaryFolder(async (home) => {
      await leaveContext(home);
      const { code, out } = await rollcall(['auth', 'whoami', '--home', home], { now: NOW });
      expect([code, out]).toEqual([
        0,
        `Server   ${api.url}\nName     ann\nRole     operator\nExpires  in 1m30s\nToken    from context default in ${join(home, 'context.json')}\n`,
      ]);
      expect(JSON.parse((await rollcall(['auth', 'whoami', '-o', 'json', '--home', home])).out)).toEqual({
        server: api.url,
        tokenFrom: `context default in ${join(home, 'context.json')}`,
        ...LOGIN,
      });
    }));

  test('shows the scopes of roles', () =>
    inTemporaryFolder(async (home) => {
      await leaveContext(home);
      const grants = [{ role: 'operator', scope: ['pool=gpu', 'zone'] }];
      shownLogin = { ...LOGIN, role: 'viewer', grants };
      expect((await rollcall(['auth', 'whoami', '--home', home], { now: NOW })).out).toContain(
        'Role     viewer, operator on pool=gpu,zone\n',
      );
    }));

  test('exits with 4 if the token is no longer valid', async () => {
    expect(
      (await rollcall(['auth', 'whoami'], { env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: 'rca_gone' } })).code,
    ).toBe(4);
  });
});

describe('auth logout', () => {
  test('forgets the token, and says what it does not do', () =>
    inTemporaryFolder(async (home) => {
      await leaveContext(home);
      const path = join(home, 'context.json');
      expect(await rollcall(['auth', 'logout', '--home', home])).toEqual({
        code: 0,
        out: '',
        err: `Removed context default from ${path}. The token itself works until it expires or an admin revokes it.\n`,
      });
      expect((await rollcall(['cluster', '--home', home])).code).toBe(4);
      expect((await rollcall(['auth', 'logout', '--home', home])).err).toBe(
        `There was nobody logged in by ${path}: it does not exist.\n`,
      );
    }));
});
