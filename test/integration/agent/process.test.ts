import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { useAgentProcesses } from '../../support/agent/agent-process.js';
import { ScriptedOrchestrator } from '../../support/agent/scripted-orchestrator.js';

/** The built agent as a process, for what only a process shows. `npm test` builds it first. */

const run = useAgentProcesses();
let orchestrator: ScriptedOrchestrator;

beforeEach(async () => {
  orchestrator = await new ScriptedOrchestrator().start();
});
afterEach(async () => {
  await orchestrator.stop();
  expect(orchestrator.malformed).toEqual([]);
});

async function configured(stateDir: string, more = ''): Promise<string> {
  const path = join(stateDir, 'config.yaml');
  await writeFile(
    path,
    `Compute:\n  Name: node-1\n  Orchestrators: ['${orchestrator.url}']\n  StateDir: ${join(stateDir, 'state')}\n  Auth: {Token: rcj_secret}\n${more}`,
  );
  return path;
}

const beating = () => eventually(() => expect(orchestrator.to('heartbeat').length).toBeGreaterThan(0));

test('--version and --help print to stdout and exit with 0', async () => {
  const version = run(['--version']);
  expect(await version.exited).toBe(0);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const help = run(['--help']);
  expect(await help.exited).toBe(0);
  expect(help.stdout).toContain('Compute.Auth.Token');
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s: says goodbye, unlocks its folder, and exits with 0', async (signal) => {
  const folder = await temporaryFolder();
  const agent = run(['--config', await configured(folder)]);
  await beating();
  agent.child.kill(signal);
  expect(await agent.exited).toBe(0);
  expect(orchestrator.to('goodbye').map(({ body }) => body)).toMatchObject([{ reason: signal }]);
  expect(await readdir(join(folder, 'state'))).toEqual(['identity.json']);
  expect(agent.messages).toEqual([
    'starting',
    'joined the cluster as node-1',
    'node-1 is approved',
    `stopping: ${signal}`,
    `said goodbye: ${signal}`,
    'stopped',
  ]);
  expect(agent.stderr).not.toContain('rcj_secret');
});

test('gives up an unanswered goodbye after 2 s', async () => {
  orchestrator.answer(({ path }) => (path.endsWith('/goodbye') ? { fault: 'hang' } : undefined));
  const agent = run(['--config', await configured(await temporaryFolder())]);
  await beating();
  agent.child.kill('SIGTERM');
  expect(await agent.exited).toBe(0);
  expect(agent.messages).toContain('could not say goodbye: no answer within 2 s');
});

test('refuses a second agent on the same folder, but not one after a killed agent', async () => {
  const folder = await temporaryFolder();
  const config = await configured(folder);
  const first = run(['--config', config]);
  await beating();
  const second = run(['--config', config]);
  expect(await second.exited).toBe(1);
  expect(second.messages).toEqual([
    expect.stringMatching(
      /^Another agent \(pid \d+\) uses the state folder .*; stop it, or set Compute\.StateDir to another folder$/,
    ),
  ]);
  first.child.kill('SIGKILL');
  await first.exited;
  const beats = orchestrator.to('heartbeat').length;
  run(['--config', config]);
  await eventually(() => expect(orchestrator.to('heartbeat').length).toBeGreaterThan(beats));
  expect(orchestrator.to('register')).toHaveLength(1);
});

test('exits with 3 when the node was removed', async () => {
  orchestrator.answer(({ path }) =>
    path.endsWith('/heartbeat')
      ? { status: 410, body: { code: 'NODE_REMOVED', detail: 'node node-1 was removed' } }
      : undefined,
  );
  const agent = run(['--config', await configured(await temporaryFolder())]);
  expect(await agent.exited).toBe(3);
  expect(agent.messages.at(-1)).toMatch(/^node-1 was removed from the cluster/);
});

test('exits with 4 when the machine is not admitted', async () => {
  orchestrator.answer(() => ({ status: 401, body: { code: 'UNAUTHENTICATED', detail: 'no' } }));
  const agent = run(['--config', await configured(await temporaryFolder())]);
  expect(await agent.exited).toBe(4);
});

describe('a start that must fail ends with one sentence and no stack', () => {
  test.each<[string, string[], Record<string, string>, number, RegExp]>([
    ['an unknown option', ['--confg', 'x'], {}, 2, /^rollcall-agent: Unknown option '--confg'/],
    [
      'a missing file',
      ['--config', '/nonexistent.yaml'],
      {},
      2,
      /^rollcall-agent: The configuration file \/nonexistent\.yaml cannot be read: there is no such file$/m,
    ],
    [
      'an unknown key',
      ['--set', 'Compute.StateDirr=x'],
      {},
      2,
      /^rollcall-agent: Compute\.StateDirr in --set Compute\.StateDirr is no configuration key; did you mean Compute\.StateDir\?/,
    ],
    [
      'a wrong duration',
      [],
      { COMPUTE__HEARTBEAT__INTERVAL: '5' },
      2,
      /Compute\.Heartbeat\.Interval in environment variable COMPUTE__HEARTBEAT__INTERVAL cannot be "5"/,
    ],
    [
      'a state folder that cannot be made',
      ['--set', 'Compute.StateDir=/proc/rollcall'],
      {},
      1,
      /The state folder \/proc\/rollcall cannot be used: .*; set Compute\.StateDir/,
    ],
  ])('%s', async (_name, args, env, code, sentence) => {
    const agent = run(args, env);
    expect(await agent.exited).toBe(code);
    expect(agent.stderr).toMatch(sentence);
    expect(agent.stderr.trim().split('\n')).toHaveLength(1);
    expect(agent.stderr).not.toMatch(/^\s+at /m);
  });

  test('without a token', async () => {
    const agent = run(['--set', `Compute.StateDir=${await temporaryFolder()}`, '--set', 'Compute.Name=node-9']);
    expect(await agent.exited).toBe(2);
    expect(agent.messages.at(-1)).toContain('rollcall node register node-9');
  });
});

describe('SIGHUP', () => {
  test('reloads the configuration: applies what a running agent can, and reports the rest', async () => {
    const folder = await temporaryFolder();
    const file = await configured(folder, '  Heartbeat: {Interval: 1h}\n');
    const agent = run(['--config', file]);
    await beating();
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace('1h', '200ms').replace('node-1', 'node-2') +
        '  Sessions: {Engine: none}\n  Labels: {pool: gpu}\n',
    );
    orchestrator.answer(({ path }) =>
      path.endsWith('/heartbeat')
        ? { body: { approval: 'APPROVED', availability: 'ACTIVE', nextHeartbeatMs: 100, commands: false } }
        : undefined,
    );
    agent.child.kill('SIGHUP');
    await eventually(() =>
      expect(agent.messages).toEqual(
        expect.arrayContaining([
          'the configuration was read again: Compute.Labels, Compute.Heartbeat.Interval in force',
          expect.stringMatching(
            /^Compute\.Name changed, and is not used: a node keeps its name; to join under another,/,
          ),
          'Compute.Sessions.Engine changed: start the agent again for it',
        ]),
      ),
    );
    await eventually(() => expect(orchestrator.to('info').at(-1)?.body).toMatchObject({ labels: { pool: 'gpu' } }));
    expect(agent.child.exitCode).toBeNull();
    agent.child.kill('SIGTERM');
    expect(await agent.exited).toBe(0);
    expect(orchestrator.to('goodbye')).toHaveLength(1);
  });

  test('changes nothing when the configuration is invalid', async () => {
    const file = await configured(await temporaryFolder());
    const agent = run(['--config', file]);
    await beating();
    await writeFile(file, 'Compute: {Nane: x}');
    agent.child.kill('SIGHUP');
    await eventually(() =>
      expect(agent.messages.at(-1)).toMatch(
        /^the configuration was read again and is not used: Compute\.Nane in .* is no configuration key/,
      ),
    );
    expect(agent.child.exitCode).toBeNull();
  });
});

test('warns at the start about a changed name, and reports changed labels to the api', async () => {
  const folder = await temporaryFolder();
  const first = run(['--config', await configured(folder, '  Labels: {pool: a}\n')]);
  await beating();
  first.child.kill('SIGTERM');
  await first.exited;
  const file = await configured(folder, '  Labels: {pool: b}\n');
  await writeFile(file, (await readFile(file, 'utf8')).replace('node-1', 'node-9'));
  const second = run(['--config', file]);
  await eventually(() =>
    expect(second.messages).toContainEqual(
      expect.stringMatching(
        /^Compute\.Name is node-9, and this machine is node-1 in the cluster: a node keeps its name; .*rollcall node delete node-1/,
      ),
    ),
  );
  await eventually(() => expect(orchestrator.to('info').at(-1)?.body).toMatchObject({ labels: { pool: 'b' } }));
});

describe('a proxy in the environment', () => {
  /** Records the requested hosts, and refuses. */
  async function proxy() {
    const asked: string[] = [];
    const server = createServer().on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    server.on('request', (request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(502).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
  }

  test('is used for an api elsewhere, but not for one on this machine', async () => {
    const { asked, url, server } = await proxy();
    try {
      const here = run(['--config', await configured(await temporaryFolder())], { HTTP_PROXY: url, HTTPS_PROXY: url });
      await beating();
      expect(asked).toEqual([]);
      here.child.kill('SIGKILL');
      const folder = await temporaryFolder();
      const file = await configured(folder);
      await writeFile(file, (await readFile(file, 'utf8')).replace(orchestrator.url, 'https://rollcall.invalid'));
      run(['--config', file], { HTTPS_PROXY: url });
      await eventually(() => expect(asked[0]).toBe('rollcall.invalid:443'));
    } finally {
      server.close();
    }
  });

  test('ends with one sentence and exit code 2 if it is invalid, and is not repeated', async () => {
    const agent = run(['--config', await configured(await temporaryFolder())], {
      HTTP_PROXY: 'socks5://user:hunter2@proxy',
    });
    expect(await agent.exited).toBe(2);
    expect(agent.messages).toEqual(['HTTP_PROXY and HTTPS_PROXY name a proxy as http://host:port']);
    expect(agent.stderr).not.toContain('hunter2');
  });
});
