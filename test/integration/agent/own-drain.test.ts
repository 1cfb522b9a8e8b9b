import { request } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { activateNode, deactivateNode, getNode, listNodeEvents, type Node } from '../../../client/index.js';
import { AgentProcess, useAgentProcesses } from '../../support/agent/agent-process.js';
import { AwsMetadata } from '../../support/agent/metadata-server.js';
import { ScriptedOrchestrator } from '../../support/agent/scripted-orchestrator.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** The built agent takes its node out and brings it back, by command, at its end, and for cloud notices; with a real api, worker and Temporal. */

const { api } = useControlPlane({ 'Compute.Heartbeat.Interval': '1s' });
const startAgent = useAgentProcesses();

interface Machine {
  name: string;
  config: string;
  stateDir: string;
  start(settings?: Record<string, string>): Promise<AgentProcess>;
  /** Another process of the agent's program, with the same configuration. */
  run(...words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }>;
}

async function machine(name: string, orchestrator = api.url, token = api.joinToken): Promise<Machine> {
  const folder = await temporaryFolder();
  const [config, stateDir] = [join(folder, 'config.yaml'), join(folder, 'state')];
  await writeFile(
    config,
    `Compute:\n  Name: ${name}\n  Orchestrators: ['${orchestrator}']\n  StateDir: ${stateDir}\n  Auth: {Token: ${token}}\n  Heartbeat: {Interval: 1s}\n  Sessions: {Engine: none}\n`,
  );
  return {
    name,
    config,
    stateDir,
    start: async (settings = {}) => {
      const sets = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
      return startAgent(['--config', config, ...sets]);
    },
    run: async (...words) => {
      const asked = new AgentProcess([...words, '--config', config]);
      const code = await asked.exited;
      return { code, stdout: asked.stdout, stderr: asked.stderr };
    },
  };
}

const node = async (id: string): Promise<Node> => {
  const { data, error } = await getNode({ client: api.admin, path: { id } });
  if (!data) throw new Error(JSON.stringify(error));
  return data;
};
const becomes = (id: string, expected: object) =>
  eventually(async () => expect(await node(id)).toMatchObject(expected));
const working = { phase: 'ACTIVE', status: 'HEALTHY' };

/** A session of another engine, as engines report it. */
function session({ stateDir }: Machine, method: 'PUT' | 'DELETE'): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath: join(stateDir, 'sessions.sock'),
        method,
        path: '/sessions/query-1',
        headers: { 'content-type': 'application/json' },
      },
      (answer) => resolve(answer.resume().statusCode ?? 0),
    );
    asked.once('error', reject);
    asked.end(method === 'PUT' ? JSON.stringify({ principal: 'ada', statement: 'SELECT 1' }) : '');
  });
}

const ofDrain = ['NodeDeactivated', 'NodeActivated', 'NodeDrained'];
const decisions = async (id: string) => {
  const { data } = await listNodeEvents({ client: api.admin, path: { id } });
  return (data?.items ?? []).filter(({ type }) => ofDrain.includes(type)).toReversed();
};

describe('rollcall-agent drain', () => {
  test('takes the node out, waits until it is drained, and resume brings it back', async () => {
    const here = await machine('by-command');
    await here.start();
    await becomes(here.name, working);
    expect(await session(here, 'PUT')).toBe(204);
    await becomes(here.name, { activeSessions: 1 });
    const drained = here.run('drain', '--reason', 'new kernel', '--deadline', '1h', '--wait');
    await becomes(here.name, { phase: 'DRAINING', availability: { by: 'agent:by-command', reason: 'new kernel' } });
    expect(await session(here, 'DELETE')).toBe(204);
    expect(await drained).toMatchObject({ code: 0, stdout: 'by-command is drained, by its own word: new kernel\n' });
    await becomes(here.name, { phase: 'DRAINED', availability: { by: 'agent:by-command', reason: 'new kernel' } });
    expect(await here.run('resume')).toMatchObject({ code: 0, stdout: 'by-command is active: it may get sessions\n' });
    await becomes(here.name, working);
    expect((await decisions(here.name)).map(({ type, by }) => [type, by])).toEqual([
      ['NodeDeactivated', 'agent:by-command'],
      ['NodeDrained', expect.anything()],
      ['NodeActivated', 'agent:by-command'],
    ]);
  });

  test('does not undo what a person decided', async () => {
    const here = await machine('by-a-person');
    await here.start();
    await becomes(here.name, working);
    await deactivateNode({ client: api.admin, path: { id: here.name }, body: { reason: 'audit' } });
    await becomes(here.name, { phase: 'DRAINED' });
    expect(await here.run('resume')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'was taken out by somebody else (An administrator brings it back: rollcall node activate',
      ),
    });
    expect(await here.run('drain')).toMatchObject({ code: 0, stdout: 'by-a-person is drained, by admin: audit\n' });
  });

  test('says what is wrong in one sentence', async () => {
    const here = await machine('nobody');
    expect(await here.run('drain')).toMatchObject({ code: 1, stderr: expect.stringContaining('none runs there') });
    expect(await here.run('drain', '--deadline', '5')).toMatchObject({ code: 2 });
    expect(await here.run('resume', '--wait')).toMatchObject({
      code: 2,
      stderr: 'rollcall-agent: resume takes no --wait; see rollcall-agent --help\n',
    });
  });

  test('of an api that does not know of it says so, and the agent goes on', async () => {
    const former = await new ScriptedOrchestrator().start();
    former.answer(({ path }) =>
      path.endsWith('/availability')
        ? { status: 404, body: { code: 'NOT_FOUND', detail: 'there is no such address' } }
        : undefined,
    );
    try {
      const here = await machine('ahead', former.url, 'rcj_secret');
      const agent = await here.start({ 'Compute.DrainOnShutdown': '1h' });
      await eventually(() => expect(former.to('heartbeat').length).toBeGreaterThan(0));
      expect(await here.run('drain')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('its api is of an earlier version'),
      });
      agent.child.kill('SIGTERM');
      expect(await agent.exited).toBe(0);
      expect(former.to('goodbye')).toHaveLength(1);
      expect(former.malformed).toEqual([]);
    } finally {
      await former.stop();
    }
  });
});

describe('DrainOnShutdown', () => {
  const settings = { 'Compute.DrainOnShutdown': '10m' };

  test('drains the node before the goodbye, which shows it as stopped; the next start brings it back', async () => {
    const here = await machine('on-shutdown');
    const agent = await here.start(settings);
    await becomes(here.name, working);
    await session(here, 'PUT');
    await becomes(here.name, { activeSessions: 1 });
    agent.child.kill('SIGTERM');
    await becomes(here.name, { phase: 'DRAINING', drain: { onDeadline: 'terminate' }, status: 'HEALTHY' });
    expect(agent.child.exitCode).toBeNull();
    await session(here, 'DELETE');
    expect(await agent.exited).toBe(0);
    await becomes(here.name, { phase: 'DRAINED', status: 'STOPPED', warning: false, overdue: false });
    expect((await node(here.name)).stoppedAt).toEqual(expect.any(String));
    await here.start(settings);
    await becomes(here.name, working);
    expect(await node(here.name)).not.toHaveProperty('stoppedAt');
  });

  test('at its deadline the sessions that are left are ended, and the agent stops', async () => {
    const here = await machine('impatient');
    const agent = await here.start({ 'Compute.DrainOnShutdown': '1s' });
    await becomes(here.name, working);
    await session(here, 'PUT');
    await becomes(here.name, { activeSessions: 1 });
    agent.child.kill('SIGTERM');
    expect(await agent.exited).toBe(0);
    expect(agent.messages).toContain('said goodbye: SIGTERM');
  });

  test('a second signal ends it at once', async () => {
    const here = await machine('hurried');
    const agent = await here.start(settings);
    await becomes(here.name, working);
    await session(here, 'PUT');
    await becomes(here.name, { activeSessions: 1 });
    agent.child.kill('SIGTERM');
    await becomes(here.name, { phase: 'DRAINING' });
    agent.child.kill('SIGTERM');
    expect(await agent.exited).toBe(1);
  });

  test('leaves out what a person took out before', async () => {
    const here = await machine('kept-out');
    const agent = await here.start(settings);
    await becomes(here.name, working);
    await deactivateNode({ client: api.admin, path: { id: here.name }, body: { reason: 'audit' } });
    await becomes(here.name, { phase: 'DRAINED' });
    agent.child.kill('SIGTERM');
    expect(await agent.exited).toBe(0);
    await here.start(settings);
    await becomes(here.name, { status: 'HEALTHY', phase: 'DRAINED', availability: { reason: 'audit' } });
    await activateNode({ client: api.admin, path: { id: here.name }, body: {} });
  });
});

describe('a notice of the cloud', () => {
  test('drains the node with its deadline, and brings it back where it is withdrawn', async () => {
    const metadata = await new AwsMetadata().start();
    const path = '/latest/meta-data/spot/instance-action';
    try {
      const here = await machine('on-the-spot');
      await here.start({
        'Compute.CloudNotices.Provider': 'aws',
        'Compute.CloudNotices.Address': metadata.url,
        'Compute.CloudNotices.Interval': '1s',
      });
      await becomes(here.name, working);
      await session(here, 'PUT');
      await becomes(here.name, { activeSessions: 1 });
      const time = new Date(Date.now() + 3_600_000).toISOString();
      metadata.say(path, { action: 'terminate', time });
      await becomes(here.name, {
        phase: 'DRAINING',
        availability: { by: 'agent:on-the-spot', reason: 'AWS will terminate this spot instance' },
        drain: { onDeadline: 'terminate' },
      });
      const deadline = Date.parse((await node(here.name)).drain?.deadline ?? '');
      expect(deadline).toBeGreaterThan(Date.parse(time) - 600_000);
      expect(deadline).toBeLessThanOrEqual(Date.parse(time));
      metadata.unsay(path);
      await becomes(here.name, working);
    } finally {
      await metadata.stop();
    }
  });
});
