import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { createJoinToken, createNode, getNode, type CreateNodeResponse } from '../../../client/index.js';
import { nodeNameFrom } from '../../../contract/node-name.js';
import { findOnPath } from '../../../scripts/find-program.mjs';
import { useApi } from '../../support/api/api-under-test.js';
import { eventually } from '../../support/eventually.js';
import { makeSlimPackages } from '../../support/slim-package.js';
import { removeFolder } from '../../support/remove-folder.js';

/** How a machine becomes a node: the api's printed command is run unchanged, into a folder instead of /, against that api. */

const SCRIPT = fileURLToPath(new URL('../../../packaging/install.sh', import.meta.url));
const packages = mkdtempSync(join(tmpdir(), 'rollcall-packages-'));
const api = useApi({ settings: { 'Orchestrator.API.PackagesDir': packages } });
const published = useApi({
  settings: { 'Orchestrator.API.PublicURL': 'https://rollcall.example/', 'Orchestrator.API.PackagesDir': '/nowhere' },
});
let file: string;
let root: string;

beforeAll(async () => {
  file = await makeSlimPackages(packages);
});
afterAll(() => removeFolder(packages));
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-root-'));
});
afterEach(async () => {
  const pid = await agentPid();
  if (pid !== undefined) {
    process.kill(pid, 'SIGTERM');
    await eventually(() => expect(existsSync(`/proc/${pid}`)).toBe(false));
  }
  await removeFolder(root);
});

const inRoot = (path: string) => join(root, path);

/** The agent that runs in the folder. */
async function agentPid(): Promise<number | undefined> {
  const lock = await readFile(inRoot('var/lib/rollcall-agent/agent.lock'), 'utf8').catch(() => '');
  const { pid } = JSON.parse(lock || '{}') as { pid?: number };
  return pid !== undefined && existsSync(`/proc/${pid}`) ? pid : undefined;
}

async function slot(name: string): Promise<CreateNodeResponse> {
  const { data, error } = await createNode({ client: api.admin, body: { name } });
  if (!data) throw new Error(JSON.stringify(error));
  return data;
}

/** Acts as a person on the target: pastes the text into a shell. */
async function pasted(command: string, input = ''): Promise<{ code: number; err: string }> {
  const running = promisify(execFile)('sh', ['-c', command], {
    env: { PATH: process.env['PATH'], ROLLCALL_ROOT: root },
    cwd: root,
  });
  running.child.stdin?.end(input);
  return running.then(
    ({ stderr }) => ({ code: 0, err: stderr }),
    (error: { code: number; stderr: string }) => ({ code: error.code, err: error.stderr }),
  );
}

describe('the printed command', () => {
  test('makes the machine the node, and leaves its token nowhere', async () => {
    const { install, bootstrapToken } = await slot('node-1');
    expect(install).toMatchObject({ isPackageServed: true });
    const { code, err } = await pasted(install.command);
    expect([code, err]).toEqual([0, expect.stringContaining('this machine is a node: node-1 awaits approval')]);
    const { data: node } = await getNode({ client: api.admin, path: { id: 'node-1' } });
    expect(node?.phase).toBe('PENDING');
    expect(await readFile(inRoot('etc/rollcall/agent.yaml'), 'utf8')).not.toContain(bootstrapToken);
    expect(existsSync(inRoot('etc/rollcall/agent.env'))).toBe(false);
    expect(await readFile(`/proc/${await agentPid()}/cmdline`, 'utf8')).not.toContain(bootstrapToken);
  });

  test("with a join token makes each machine a node under its host's name", async () => {
    const { data } = await createJoinToken({ client: api.admin, body: { maxUses: 2, autoApprove: false } });
    expect(data?.install.ansible).toContain('hosts: all\n');
    const { code, err } = await pasted(data?.install.command ?? '');
    const name = nodeNameFrom(hostname()) ?? '';
    expect([code, err]).toEqual([0, expect.stringContaining(`this machine is a node: ${name} awaits approval`)]);
    const { data: node } = await getNode({ client: api.admin, path: { id: name } });
    expect(node?.phase).toBe('PENDING');
  });

  test('changes nothing when it is run again, whatever happened to its token', async () => {
    const { install } = await slot('node-2');
    await pasted(install.command);
    const pid = await agentPid();
    const before = await stat(inRoot('etc/rollcall/agent.yaml'));
    const { code, err } = await pasted(install.command);
    expect([code, err]).toEqual([0, expect.stringContaining('this machine is a node: node-2 awaits approval')]);
    expect(err).not.toContain('fetching');
    expect(await agentPid()).toBe(pid);
    expect((await stat(inRoot('etc/rollcall/agent.yaml'))).mtimeMs).toBe(before.mtimeMs);
  });

  test('keeps a configuration that a person wrote', async () => {
    await mkdir(inRoot('etc/rollcall'), { recursive: true });
    const byHand = `Compute: {Name: node-3, Orchestrators: ['${api.url}'], StateDir: ${inRoot('var/lib/rollcall-agent')}}\n`;
    await writeFile(inRoot('etc/rollcall/agent.yaml'), byHand);
    const { code } = await pasted((await slot('node-3')).install.command);
    expect(code).toBe(0);
    expect(await readFile(inRoot('etc/rollcall/agent.yaml'), 'utf8')).toBe(byHand);
  });

  test('reports at once what the agent says about an invalid token', async () => {
    const { install, bootstrapToken } = await slot('node-4');
    const { code, err } = await pasted(install.command.replace(bootstrapToken, `${bootstrapToken.slice(0, -3)}xxx`));
    expect([code, err]).toEqual([1, expect.stringContaining('the agent has ended; it says why above')]);
    expect(await readFile(inRoot('var/log/rollcall-agent.log'), 'utf8')).not.toContain(bootstrapToken);
    expect((await stat(inRoot('etc/rollcall/agent.env'))).mode & 0o777).toBe(0o600);
  });

  test('installs only packages for which it was printed', async () => {
    const { install } = await slot('node-5');
    const [sum = ''] = /[0-9a-f]{64}/.exec(install.command) ?? [];
    expect(sum).toBe(
      createHash('sha256')
        .update(await readFile(join(packages, 'SHA256SUMS')))
        .digest('hex'),
    );
    const { code, err } = await pasted(install.command.replace(sum, '0'.repeat(64)));
    expect([code, err]).toEqual([1, expect.stringContaining('are not those of the command')]);
    expect(existsSync(inRoot('usr/bin/rollcall-agent'))).toBe(false);
  });

  test('does not install a package that was changed on its way', async () => {
    const whole = await readFile(join(packages, file));
    const { install } = await slot('node-6');
    await writeFile(join(packages, file), Buffer.concat([whole, Buffer.from('x')]));
    const { code, err } = await pasted(install.command);
    await writeFile(join(packages, file), whole);
    expect([code, err]).toEqual([1, expect.stringContaining('is not what SHA256SUMS says')]);
    expect(existsSync(inRoot('usr/bin/rollcall-agent'))).toBe(false);
  });

  test('says where to get packages if the api has none', async () => {
    const list = join(packages, 'SHA256SUMS');
    await rename(list, `${list}.away`);
    const { install } = await slot('node-7');
    const { code, err } = await pasted(install.command);
    await rename(`${list}.away`, list);
    expect(install.isPackageServed).toBe(false);
    expect([code, err]).toEqual([1, expect.stringContaining('npm run package')]);
  });

  test.each([
    ['--token', "$(touch oops)';", 'the token is none'],
    ['--name', 'a;b', 'the name is none of a node'],
    ['--nonsense', '', 'there is no option --nonsense'],
  ])('refuses %s %j', async (option, value, sentence) => {
    const { code, err } = await pasted(
      `curl -fsSL ${api.url}/install.sh | sh -s -- ${option} "${value.replaceAll('$', '\\$')}"`,
    );
    expect([code, err]).toEqual([1, expect.stringContaining(sentence)]);
    expect(existsSync(inRoot('oops'))).toBe(false);
  });
});

describe('instructions for programs', () => {
  test('cloud-init: the command joins with the token from a file, and deletes the file', async () => {
    const { install, bootstrapToken } = await slot('node-8');
    expect(install.cloudInit).toMatch(/^#cloud-config\n/);
    const { write_files, runcmd } = parse(install.cloudInit.replaceAll('/run/', `${root}/`)) as {
      write_files: { path: string; permissions: string; content: string }[];
      runcmd: string[][];
    };
    expect(runcmd.flat().join(' ')).not.toContain(bootstrapToken);
    for (const { path, permissions, content } of write_files)
      await writeFile(path, content, { mode: Number.parseInt(permissions, 8) });
    for (const [program = '', ...words] of runcmd)
      await promisify(execFile)(program, words, { env: { PATH: process.env['PATH'], ROLLCALL_ROOT: root } });
    const { data: node } = await getNode({ client: api.admin, path: { id: 'node-8' } });
    expect(node?.phase).toBe('PENDING');
    expect(write_files.map(({ path }) => existsSync(path))).toEqual([false]);
  });

  test('Ansible: the tasks download the installer and join, with the token on standard input', async () => {
    const { install, bootstrapToken } = await slot('node-9');
    const [play] = parse(install.ansible.replaceAll('/run/', `${root}/`)) as {
      hosts: string;
      tasks: Record<string, { url: string; dest: string; argv: string[]; stdin: string }>[];
    }[];
    const [fetching, joining] = play?.tasks ?? [];
    const { url = '', dest = '' } = fetching?.['ansible.builtin.get_url'] ?? {};
    const { argv = [], stdin } = joining?.['ansible.builtin.command'] ?? {};
    expect([play?.hosts, stdin, argv.join(' ').includes(bootstrapToken)]).toEqual(['node-9', bootstrapToken, false]);
    await writeFile(dest, await (await fetch(url)).text());
    expect(await pasted(argv.join(' '), stdin)).toMatchObject({ code: 0 });
    const { data: node } = await getNode({ client: api.admin, path: { id: 'node-9' } });
    expect(node?.phase).toBe('PENDING');
  });
});

describe('GET /install.sh', () => {
  const scriptFor = (url: string, host: string) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const asked = request(`${url}/install.sh`, { headers: { host } }, (answer) => {
        let text = '';
        answer.on('data', (chunk) => (text += String(chunk)));
        answer.once('end', () => resolve({ status: answer.statusCode, text }));
      });
      asked.once('error', reject);
      asked.end();
    });

  test("uses the configured address, whatever the request's headers say", async () => {
    const { text } = await scriptFor(published.url, 'evil.example');
    expect(text).toContain("orchestrator='https://rollcall.example'\n");
    expect(text).not.toContain('evil');
    const { data } = await createNode({ client: published.admin, body: { name: 'node-1' } });
    expect(data?.install.command).toMatch(
      /^curl -fsSL https:\/\/rollcall\.example\/install\.sh \| sh -s -- --token rcb_/,
    );
  });

  test('inserts only valid hosts into the script', async () => {
    expect(await scriptFor(api.url, "a';touch oops;'")).toMatchObject({ status: 400 });
  });

  test('is readable, with all values filled in', async () => {
    const { text } = await scriptFor(api.url, '127.0.0.1:1');
    expect(text).toContain("orchestrator='http://127.0.0.1:1'\n");
    expect(text).not.toContain('@ORCHESTRATOR@');
  });
});

describe('GET /packages', () => {
  test('serves what SHA256SUMS lists, completely', async () => {
    const answer = await api.raw(`/packages/${file}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
    expect(Buffer.from(await answer.arrayBuffer()).equals(await readFile(join(packages, file)))).toBe(true);
  });

  test('serves nothing else, even from the same folder', async () => {
    await writeFile(join(packages, 'secret'), 'x');
    for (const [name, status] of [
      ['secret', 404],
      ['..%2fsecret', 400],
      ['.hidden', 400],
      ['nothing', 404],
    ] as const)
      expect([name, (await api.raw(`/packages/${name}`)).status]).toEqual([name, status]);
    const { status } = await published.raw('/packages/SHA256SUMS');
    expect(status).toBe(404);
  });
});

const shellcheck = findOnPath(['shellcheck']);
(shellcheck === undefined ? test.skip : test)(
  `shellcheck finds nothing in the script${shellcheck === undefined ? ' (skipped: it is not installed)' : ''}`,
  async () => {
    await promisify(execFile)('shellcheck', ['--severity=warning', SCRIPT]);
  },
);
