import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { AgentProcess } from './agent-process.js';
import { ScriptedOrchestrator } from './scripted-orchestrator.js';

/** The built agent as a process: what only a process shows. `npm test` builds it first. */

const running: AgentProcess[] = [];
let orchestrator: ScriptedOrchestrator;

beforeEach(async () => {
  orchestrator = await new ScriptedOrchestrator().start();
});
afterEach(async () => {
  for (const agent of running.splice(0)) {
    agent.child.kill('SIGKILL');
    await agent.exited;
  }
  await orchestrator.stop();
  expect(orchestrator.malformed).toEqual([]);
});

function run(args: string[], env?: Record<string, string>): AgentProcess {
  const agent = new AgentProcess(args, env);
  running.push(agent);
  return agent;
}

async function configured(stateDir: string, more = ''): Promise<string> {
  const path = join(stateDir, 'config.yaml');
  await writeFile(path, `Compute:\n  Name: node-1\n  Orchestrators: ['${orchestrator.url}']\n  StateDir: ${join(stateDir, 'state')}\n  Auth: {Token: rcj_secret}\n${more}`);
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

test.each(['SIGTERM', 'SIGINT'] as const)('%s: says goodbye, gives its folder back, and exits with 0', async (signal) => {
  const folder = await temporaryFolder();
  const agent = run(['--config', await configured(folder)]);
  await beating();
  agent.child.kill(signal);
  expect(await agent.exited).toBe(0);
  expect(orchestrator.to('goodbye').map(({ body }) => body)).toMatchObject([{ reason: signal }]);
  expect(await readdir(join(folder, 'state'))).toEqual(['identity.json']);
  expect(agent.messages).toEqual(['starting', 'joined the cluster as node-1', 'node-1 is approved', `stopping: ${signal}`, `said goodbye: ${signal}`, 'stopped']);
  expect(agent.stderr).not.toContain('rcj_secret');
});

test('a goodbye that nobody answers is given up after 2 s', async () => {
  orchestrator.answer(({ path }) => (path.endsWith('/goodbye') ? { fault: 'hang' } : undefined));
  const agent = run(['--config', await configured(await temporaryFolder())]);
  await beating();
  agent.child.kill('SIGTERM');
  expect(await agent.exited).toBe(0);
  expect(agent.messages).toContain('could not say goodbye: no answer within 2 s');
});

test('a second agent on the same folder is refused; one that was killed stands in nobody\'s way', async () => {
  const folder = await temporaryFolder();
  const config = await configured(folder);
  const first = run(['--config', config]);
  await beating();
  const second = run(['--config', config]);
  expect(await second.exited).toBe(1);
  expect(second.messages).toEqual([expect.stringMatching(/^Another agent \(pid \d+\) uses the state folder .*; stop it, or set Compute\.StateDir to another folder$/)]);
  first.child.kill('SIGKILL');
  await first.exited;
  const beats = orchestrator.to('heartbeat').length;
  run(['--config', config]);
  await eventually(() => expect(orchestrator.to('heartbeat').length).toBeGreaterThan(beats));
  expect(orchestrator.to('register')).toHaveLength(1);
});

test('a node that was removed exits with 3', async () => {
  orchestrator.answer(({ path }) => (path.endsWith('/heartbeat') ? { status: 410, body: { code: 'NODE_REMOVED', detail: 'node node-1 was removed' } } : undefined));
  const agent = run(['--config', await configured(await temporaryFolder())]);
  expect(await agent.exited).toBe(3);
  expect(agent.messages.at(-1)).toMatch(/^node-1 was removed from the cluster/);
});

test('a machine that is not let in exits with 4', async () => {
  orchestrator.answer(() => ({ status: 401, body: { code: 'UNAUTHENTICATED', detail: 'no' } }));
  const agent = run(['--config', await configured(await temporaryFolder())]);
  expect(await agent.exited).toBe(4);
});

describe('what it cannot start with is one sentence and no stack', () => {
  test.each<[string, string[], Record<string, string>, number, RegExp]>([
    ['an unknown option', ['--confg', 'x'], {}, 2, /^rollcall-agent: Unknown option '--confg'/],
    ['a missing file', ['--config', '/nonexistent.yaml'], {}, 2, /^rollcall-agent: The configuration file \/nonexistent\.yaml cannot be read: there is no such file$/m],
    ['an unknown key', ['--set', 'Compute.StateDirr=x'], {}, 2, /^rollcall-agent: Compute\.StateDirr in --set Compute\.StateDirr is no configuration key; did you mean Compute\.StateDir\?/],
    ['a wrong duration', [], { COMPUTE__HEARTBEAT__INTERVAL: '5' }, 2, /Compute\.Heartbeat\.Interval in environment variable COMPUTE__HEARTBEAT__INTERVAL cannot be "5"/],
    ['a state folder that cannot be made', ['--set', 'Compute.StateDir=/proc/rollcall'], {}, 1, /The state folder \/proc\/rollcall cannot be used: .*; set Compute\.StateDir/],
  ])('%s', async (_name, args, env, code, sentence) => {
    const agent = run(args, env);
    expect(await agent.exited).toBe(code);
    expect(agent.stderr).toMatch(sentence);
    expect(agent.stderr.trim().split('\n')).toHaveLength(1);
    expect(agent.stderr).not.toMatch(/^\s+at /m);
  });

  test('no token', async () => {
    const agent = run(['--set', `Compute.StateDir=${await temporaryFolder()}`, '--set', 'Compute.Name=node-9']);
    expect(await agent.exited).toBe(2);
    expect(agent.messages.at(-1)).toContain('rollcall node register node-9');
  });
});
