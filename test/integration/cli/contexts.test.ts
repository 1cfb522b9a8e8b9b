import { readFile, stat, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { run } from '../../../cli/run.js';
import { CLUSTER } from '../../support/cli/example-cluster.js';
import { startFakeApi, type FakeApi } from '../../support/cli/fake-api.js';
import { fakeTerminal, inTemporaryFolder, type FakeTerminalOptions } from '../../support/cli/fake-terminal.js';

/** Several clusters of one person: the servers only record which was asked, and with which token. */

let prod: FakeApi;
let lab: FakeApi;
const login = { name: 'ann', role: 'admin', via: 'token', expiresAt: null };
const answering = () => startFakeApi(({ path }) => ({ body: path === '/v1/login' ? login : CLUSTER }));
beforeEach(async () => {
  [prod, lab] = await Promise.all([answering(), answering()]);
});
afterEach(() => Promise.all([prod.stop(), lab.stop()]));

async function rollcall(words: string[], options: FakeTerminalOptions) {
  const terminal = fakeTerminal(options);
  const code = await run(words, terminal, new AbortController().signal);
  return { code, out: terminal.out(), err: terminal.err() };
}

/** Of the last authenticated request. */
const tokenAt = (api: FakeApi) =>
  api.asked.findLast(({ headers }) => headers.authorization)?.headers.authorization?.replace('Bearer ', '');
const logInTo = (api: FakeApi, token: string, env: Record<string, string>, ...words: string[]) =>
  rollcall(['auth', 'login', '--token-stdin', '--server', api.url, ...words], { env, stdin: token });

test('contexts are created by name, listed without tokens, chosen and renamed', () =>
  inTemporaryFolder(async (home) => {
    const env = { HOME: home };
    const file = join(home, '.config', 'rollcall', 'context.json');
    expect((await logInTo(prod, 'rca_prod', env, '--context', 'prod')).code).toBe(0);
    expect((await logInTo(lab, 'rca_lab', env, '--context', 'lab')).err).toBe(
      `Logged in to ${lab.url} as ann (admin); kept as context lab in ${file}.\n`,
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    const list = await rollcall(['context', 'list'], { env });
    expect(list.out).toBe(`USED  NAME  SERVER\n*     lab   ${lab.url}\n      prod  ${prod.url}\n`);
    expect((await rollcall(['context', 'list', '-o', 'json'], { env })).out).not.toContain('rca_');

    await rollcall(['cluster'], { env });
    expect([tokenAt(lab), tokenAt(prod)]).toEqual(['rca_lab', 'rca_prod']);
    const used = await rollcall(['context', 'use', 'prod'], { env });
    expect(used).toEqual({ code: 0, out: '', err: `Context prod is used from now on: ${prod.url}\n` });
    lab.asked.length = 0;
    expect((await rollcall(['cluster'], { env })).code).toBe(0);
    expect(lab.asked).toHaveLength(0);

    expect((await rollcall(['context', 'rename', 'prod', 'live'], { env })).code).toBe(0);
    expect((await rollcall(['context', 'list', '-o', 'name'], { env })).out).toBe('lab\nlive\n');
    expect((await rollcall(['auth', 'whoami'], { env })).out).toContain(`Token    from context live in ${file}\n`);
  }));

test('a login without a name renews the present context of its server, or creates a named one', () =>
  inTemporaryFolder(async (home) => {
    const env = { HOME: home };
    for (const name of ['a', 'b']) await logInTo(prod, `rca_${name}`, env, '--context', name);
    await logInTo(prod, 'rca_later', env);
    await logInTo(lab, 'rca_lab', env);
    const { out } = await rollcall(['context', 'list', '-o', 'name'], { env });
    const made = new URL(lab.url).host.replace(':', '-');
    expect(out).toBe(`${made}\na\nb\n`);
    await rollcall(['cluster', '--context', 'b'], { env });
    expect(tokenAt(prod)).toBe('rca_later');
    expect((await rollcall(['context', 'use', made], { env })).code).toBe(0);
  }));

test('--context precedes ROLLCALL_CONTEXT, server and token of the environment, and the chosen context', () =>
  inTemporaryFolder(async (home) => {
    await logInTo(prod, 'rca_prod', { HOME: home }, '--context', 'prod');
    await logInTo(lab, 'rca_lab', { HOME: home }, '--context', 'lab');
    const asked = async (words: string[], env: Record<string, string>) => {
      prod.asked.length = 0;
      lab.asked.length = 0;
      expect((await rollcall(['cluster', ...words], { env: { HOME: home, ...env } })).code).toBe(0);
      return [tokenAt(prod), tokenAt(lab)];
    };
    const other = { ROLLCALL_SERVER: lab.url, ROLLCALL_TOKEN: 'rca_environment' };
    expect(await asked([], {})).toEqual([undefined, 'rca_lab']);
    expect(await asked([], { ROLLCALL_CONTEXT: 'prod' })).toEqual(['rca_prod', undefined]);
    expect(await asked([], other)).toEqual([undefined, 'rca_environment']);
    expect(await asked(['--context', 'prod'], { ...other, ROLLCALL_CONTEXT: 'lab' })).toEqual(['rca_prod', undefined]);
  }));

test("in a clone its own cluster comes first; a named context is one of the user's", () =>
  inTemporaryFolder(async (folder) => {
    const options = { installation: folder, env: { HOME: join(folder, 'home') } };
    await mkdir(join(folder, '.rollcall'));
    const ofClone = join(folder, '.rollcall', 'context.json');
    const started = JSON.stringify({ server: lab.url, token: 'rca_started' });
    await writeFile(ofClone, started, { mode: 0o600 });
    await logInTo(prod, 'rca_prod', options.env, '--context', 'prod');
    expect((await rollcall(['context', 'list'], options)).out).toBe(
      `USED  NAME     SERVER\n*     default  ${lab.url}\n      prod     ${prod.url}\n`,
    );
    expect((await rollcall(['context', 'list', '--context', 'prod'], options)).out).toContain(
      `*     prod     ${prod.url}`,
    );
    const used = await rollcall(['context', 'use', 'prod'], options);
    expect(used.err).toContain(`warning: in this clone ${ofClone} goes before it`);
    await rollcall(['cluster', '--context', 'prod'], options);
    expect([tokenAt(prod), tokenAt(lab)]).toEqual(['rca_prod', undefined]);
    expect(await readFile(ofClone, 'utf8')).toBe(started);
  }));

test('an impossible choice is one sentence, and changes nothing', () =>
  inTemporaryFolder(async (home) => {
    const env = { HOME: home };
    expect((await rollcall(['context', 'list'], { env })).err).toBe(
      'No cluster is known here. Log in: rollcall auth login --server URL\n',
    );
    await logInTo(prod, 'rca_prod', env, '--context', 'prod');
    await logInTo(lab, 'rca_lab', env, '--context', 'lab');
    const file = join(home, '.config', 'rollcall', 'context.json');
    const before = await readFile(file, 'utf8');
    const cases: [string[], number, RegExp][] = [
      [
        ['cluster', '--context', 'gone'],
        5,
        /^NO_SUCH_CONTEXT: there is no context gone in \S+\. See: rollcall context list\n$/,
      ],
      [['context', 'use', 'gone'], 5, /^NO_SUCH_CONTEXT: there is no context gone\. See: rollcall context list\n$/],
      [
        ['context', 'rename', 'prod', 'lab'],
        6,
        /^CONTEXT_EXISTS: there is a context lab already\. Choose another name\n$/,
      ],
      [['context', 'use', '../prod'], 2, /^USAGE: /],
      [['context', 'rename', 'prod', '__proto__'], 2, /^USAGE: /],
      [['cluster', '--context', ''], 2, /^USAGE: /],
    ];
    for (const [words, code, sentence] of cases)
      expect(await rollcall(words, { env })).toEqual({ code, out: '', err: expect.stringMatching(sentence) });
    expect(await readFile(file, 'utf8')).toBe(before);
    // The token of one cluster is for its server alone.
    expect((await rollcall(['cluster', '--context', 'prod', '--server', lab.url], { env })).code).toBe(4);

    // After logging out of the chosen one, another is chosen.
    await rollcall(['auth', 'logout'], { env });
    expect((await rollcall(['cluster'], { env })).err).toBe(
      `NOT_LOGGED_IN: no context of ${file} is chosen. Choose one: rollcall context use NAME\n`,
    );
    await rollcall(['auth', 'logout', '--context', 'prod'], { env });
    await expect(stat(file)).rejects.toThrow('ENOENT');
  }));
