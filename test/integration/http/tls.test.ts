import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { CreateNodeResponse } from '../../../client/index.js';
import { mintToken } from '../../../src/auth/secret-token.js';
import { makeAuthority, makeServerCertificate, type Certificate } from '../../support/certificates.js';
import { makeSlimPackages } from '../../support/slim-package.js';
import { eventually } from '../../support/eventually.js';
import { sharedMongod, type Mongod } from '../../support/servers/mongod.js';
import { ApiProcess } from '../../support/api/api-process.js';
import { freshDatabase } from '../../support/api/api-under-test.js';
import { removeFolder } from '../../support/remove-folder.js';

/** HTTPS between the built programs: the api, the agent and the command. */

let mongod: Mongod;
let folder: string;
let ours: Certificate;
let others: Certificate;
let server: Certificate;
let api: ApiProcess;
let url: string;
const [adminToken, joinToken] = [mintToken('rca').text, mintToken('rcj').text];
const agents: ReturnType<typeof spawn>[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-tls-'));
  [ours, others, mongod] = await Promise.all([
    makeAuthority(folder, 'ours'),
    makeAuthority(folder, 'others'),
    sharedMongod(),
  ]);
  server = await makeServerCertificate(folder, 'server', ours);
  await Promise.all([writeFile(join(folder, 'admin'), adminToken), writeFile(join(folder, 'join'), joinToken)]);
  // A host whose Node would speak older versions, which the api refuses.
  await mkdir(join(folder, 'packages'));
  await makeSlimPackages(join(folder, 'packages'));
  api = new ApiProcess(settings(server), { NODE_OPTIONS: '--tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0' });
  url = await api.url();
  await eventually(async () =>
    expect((await ask('/v1/nodes', { authorization: `Bearer ${adminToken}` })).status).toBe(200),
  );
}, 60_000);
afterAll(async () => {
  api.child.kill('SIGKILL');
  await api.exit;
  await mongod?.stop();
  await removeFolder(folder);
});
afterEach(async () => {
  for (const agent of agents.splice(0)) {
    agent.kill('SIGKILL');
    if (agent.exitCode === null) await once(agent, 'exit');
  }
});

function settings({ certFile, keyFile }: Certificate): Record<string, string> {
  return {
    'Orchestrator.MongoDB.URI': freshDatabase(mongod.uri),
    'Orchestrator.Temporal.Address': '127.0.0.1:1',
    'Orchestrator.API.Port': '0',
    'Orchestrator.API.TLS.CertFile': certFile,
    'Orchestrator.API.TLS.KeyFile': keyFile,
    'Orchestrator.API.PublicCAFile': ours.certFile,
    'Orchestrator.API.PackagesDir': join(folder, 'packages'),
    'Orchestrator.Auth.AdminTokenFile': join(folder, 'admin'),
    'Orchestrator.Auth.JoinTokenFile': join(folder, 'join'),
  };
}

async function ask(path: string, headers: Record<string, string> = {}, body?: string) {
  const sent = request(`${url}${path}`, {
    ca: await readFile(ours.certFile),
    headers,
    method: body === undefined ? 'GET' : 'POST',
  });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

async function rollcall(words: string[], env: Record<string, string> = {}, input = '') {
  const child = spawn(process.execPath, [join('dist', 'cli', 'main.js'), ...words], {
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
  });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err, code: code as number };
}

function startAgent(name: string, caFile?: string, env: Record<string, string> = {}): { log(): string } {
  const flags = {
    'Compute.Name': name,
    'Compute.Orchestrators': url,
    'Compute.StateDir': join(folder, name),
    ...(caFile === undefined ? {} : { 'Compute.TLS.CAFile': caFile }),
  };
  const args = Object.entries(flags).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const agent = spawn(process.execPath, [join('dist', 'agent', 'main.js'), ...args], {
    env: { ...process.env, COMPUTE__AUTH__TOKEN: joinToken, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  agents.push(agent);
  let log = '';
  agent.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  return { log: () => log };
}

async function handshake(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

test('the install command includes the certificate authority, which the machine does not know', async () => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` };
  const made = await ask('/v1/nodes', headers, JSON.stringify({ name: 'by-command' }));
  const { install } = JSON.parse(made.body) as CreateNodeResponse;
  const root = join(folder, 'root');
  await mkdir(root);
  const child = spawn('sh', ['-c', install.command], {
    cwd: root,
    env: { PATH: process.env['PATH'], ROLLCALL_ROOT: root },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  const lock = await readFile(join(root, 'var', 'lib', 'rollcall-agent', 'agent.lock'), 'utf8').catch(() => '{}');
  const { pid } = JSON.parse(lock) as { pid?: number };
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  expect([code, said]).toEqual([0, expect.stringContaining('this machine is a node: by-command awaits approval')]);
  expect(await readFile(join(root, 'etc', 'rollcall', 'agent-ca.pem'), 'utf8')).toContain('BEGIN CERTIFICATE');
});

describe('the api', () => {
  test('serves HTTPS with TLS 1.2 and later only', async () => {
    expect(url).toMatch(/^https:/);
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await handshake({ minVersion: version, maxVersion: version });
      expect(socket.getProtocol()).toBe(version);
      socket.destroy();
    }
    // Level 0, since OpenSSL's default could not request it.
    await expect(
      handshake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    ).rejects.toThrow();
  });

  test('tells browsers to use TLS only, and marks its cookie secure', async () => {
    const login = await ask('/v1/login', { 'content-type': 'application/json' }, JSON.stringify({ token: adminToken }));
    expect(login.headers['strict-transport-security']).toBe('max-age=31536000');
    expect(login.headers['set-cookie']?.[0]).toMatch(
      /^__Host-rollcall-login-\d+=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/,
    );
  });

  test('loads a renewed certificate at SIGHUP, and keeps its own if the new one is invalid', async () => {
    const renewed = await makeServerCertificate(folder, 'renewed', ours);
    await Promise.all([copyFile(renewed.certFile, server.certFile), copyFile(renewed.keyFile, server.keyFile)]);
    api.child.kill('SIGHUP');
    await eventually(async () => expect(await servedName()).toBe('renewed'));
    await writeFile(server.certFile, 'nothing');
    api.child.kill('SIGHUP');
    await eventually(() =>
      expect(api.log).toContain(
        `the certificate was not renewed: Orchestrator.API.TLS.CertFile: ${server.certFile} holds no certificate in PEM form`,
      ),
    );
    expect(await servedName()).toBe('renewed');
  });

  const WRONG: [string, () => Certificate, RegExp][] = [
    [
      'a file that is not there',
      () => ({ ...ours, certFile: '/nowhere/a.crt' }),
      /^api: Orchestrator\.API\.TLS\.CertFile: \/nowhere\/a\.crt cannot be read: there is no such file$/,
    ],
    [
      'a key of another certificate',
      () => ({ ...ours, keyFile: others.keyFile }),
      /^api: Orchestrator\.API\.TLS\.KeyFile: the key in .*others\.key does not belong to the certificate in .*ours\.crt; /,
    ],
    [
      'a key that is a certificate',
      () => ({ ...ours, keyFile: ours.certFile }),
      /^api: Orchestrator\.API\.TLS\.KeyFile: .*ours\.crt holds no private key without a passphrase in PEM form$/,
    ],
  ];
  test.each(WRONG)('%s is one sentence and exit code 2', async (_title, files, sentence) => {
    const wrong = new ApiProcess(settings(files()));
    expect(await wrong.exit).toBe(2);
    expect(wrong.log.trim()).toMatch(sentence);
  });

  test('a certificate without its key is one sentence and exit code 2', async () => {
    const { 'Orchestrator.API.TLS.KeyFile': _left, ...half } = settings(ours);
    const wrong = new ApiProcess(half);
    expect(await wrong.exit).toBe(2);
    expect(wrong.log).toMatch(
      /^api: Orchestrator\.API\.TLS\.KeyFile is missing: only CertFile is set, and TLS needs both\n$/,
    );
  });
});

describe('the command', () => {
  test('accepts the authority of --ca-file, and saves it with a login', async () => {
    const home = join(folder, 'home');
    const login = await rollcall(
      ['auth', 'login', '--token-stdin', '--server', url, '--home', home, '--ca-file', ours.certFile],
      {},
      adminToken,
    );
    expect(login).toMatchObject({ code: 0 });
    expect(await rollcall(['auth', 'whoami', '--home', home])).toMatchObject({
      code: 0,
      out: expect.stringContaining('admin'),
    });
  });

  test.each([
    ['another authority', () => ({ ROLLCALL_CA_FILE: others.certFile })],
    [
      'another authority, though the system knows this one',
      () => ({ ROLLCALL_CA_FILE: others.certFile, NODE_EXTRA_CA_CERTS: ours.certFile }),
    ],
    ['the system’s authorities', () => ({})],
  ])('refuses it with %s, and names the remedy', async (_title, env) => {
    const { code, err } = await rollcall(['node', 'list'], {
      ROLLCALL_SERVER: url,
      ROLLCALL_TOKEN: adminToken,
      ...env(),
    });
    expect(code).toBe(1);
    expect(err).toBe(
      `UNREACHABLE: no api answers at ${url} (its certificate comes from an authority that is not trusted here). If it is the right server, name the file with its authority: --ca-file FILE\n`,
    );
  });

  test('reports an invalid CA file', async () => {
    const { code, err } = await rollcall(['node', 'list', '--ca-file', ours.keyFile], {
      ROLLCALL_SERVER: url,
      ROLLCALL_TOKEN: adminToken,
    });
    expect([code, err]).toEqual([
      2,
      `USAGE: the CA file ${ours.keyFile} holds no certificate in PEM form. Check --ca-file, ROLLCALL_CA_FILE or caFile in the context file\n`,
    ]);
  });
});

describe('an agent', () => {
  test('joins with its configured authority', async () => {
    const agent = startAgent('pinned', ours.certFile);
    await eventually(() => expect(agent.log()).toContain('joined the cluster as pinned'));
  });

  test.each([
    ['another authority', () => others.certFile, () => ({})],
    [
      'another authority, though the system knows this one',
      () => others.certFile,
      () => ({ NODE_EXTRA_CA_CERTS: ours.certFile }),
    ],
    ['the system’s authorities', () => undefined, () => ({})],
  ])('sends nothing to an api with a certificate of %s, and logs why', async (_title, caFile, env) => {
    const agent = startAgent('stranger', caFile(), env());
    await eventually(() =>
      expect(agent.log()).toContain(
        'its certificate comes from an authority that is not trusted here; name that in Compute.TLS.CAFile',
      ),
    );
    const nodes = await ask('/v1/nodes', { authorization: `Bearer ${adminToken}` });
    expect(nodes.body).not.toContain('stranger');
  });

  test('exits with 2 if the CA file is invalid', async () => {
    const agent = startAgent('careless', '/nowhere/ca.crt');
    const [code] = (await once(agents[0] as NonNullable<(typeof agents)[0]>, 'exit')) as [number];
    expect(code).toBe(2);
    expect(agent.log()).toContain('Compute.TLS.CAFile: /nowhere/ca.crt cannot be read: there is no such file');
  });
});

async function servedName(): Promise<string | string[] | undefined> {
  const socket = await handshake({});
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return subject.CN;
}
