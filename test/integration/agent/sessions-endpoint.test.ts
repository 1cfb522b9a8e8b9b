import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { SessionsEndpoint } from '../../../agent/sessions/endpoint/sessions-endpoint.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { SHOWN, useSessionsEndpoint } from '../../support/agent/sessions-endpoint.js';

/** Other engines' sessions, over real sockets. */

const DOCUMENT = fileURLToPath(new URL('../../../docs/sessions-endpoint.md', import.meta.url));

const agent = useSessionsEndpoint();
let engine: ChildProcess | undefined;
afterEach(() => {
  engine?.kill('SIGKILL');
  engine = undefined;
});

test("reports the agent's status", async () => {
  const { status, text } = await agent.call('GET', '/status');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ node: null, heartbeatTaken: false, summary: 'has not joined yet' });
  expect((await agent.call('PUT', '/status', {})).status).toBe(405);
});

test("does not let the port's token change the node's availability", async () => {
  expect(await agent.call('PUT', '/availability', { value: 'DRAINED' })).toMatchObject({ status: 404 });
  const atSocket = new Promise<string>((resolve, reject) => {
    const asked = httpRequest({ socketPath: join(agent.folder, 'sessions.sock'), path: '/availability' }, (answer) => {
      answer.setEncoding('utf8').once('data', resolve);
    });
    asked.once('error', reject);
    asked.end();
  });
  expect(JSON.parse(await atSocket)).toEqual({ node: 'node-1', availability: 'ACTIVE' });
});

test('reports a session until its engine says that it has ended', async () => {
  expect(await agent.call('PUT', '/sessions/q1', SHOWN)).toEqual({ status: 204, text: '' });
  expect(await agent.call('PUT', '/sessions/q2', { principal: 'bob', statement: 'x'.repeat(5_000) })).toMatchObject({
    status: 204,
  });
  expect(agent.host.live).toEqual([
    {
      id: 'q1',
      kind: 'external',
      principal: 'ada',
      statement: 'SELECT 42',
      state: 'RUNNING',
      startedAt: SHOWN.startedAt,
    },
    {
      id: 'q2',
      kind: 'external',
      principal: 'bob',
      statement: `${'x'.repeat(199)}…`,
      state: 'RUNNING',
      startedAt: expect.any(String),
    },
  ]);
  expect(await agent.host.load()).toMatchObject({ running: 2, cpu: { reserved: 0 } });
  agent.host.changed.clear();
  await agent.call('PUT', '/sessions/q1', SHOWN);
  // Repeating it changes nothing.
  expect(agent.host.changed.isRung).toBe(false);
  expect(await agent.call('DELETE', '/sessions/q1', { rows: 1 })).toMatchObject({ status: 204 });
  expect(await agent.call('DELETE', '/sessions/q2', { state: 'FAILED', reason: 'out of paper' })).toMatchObject({
    status: 204,
  });
  expect(agent.host.live).toEqual([]);
  expect(agent.host.nextEnded()).toMatchObject([
    { id: 'q1', kind: 'external', state: 'COMPLETED', reason: '', rows: 1, startedAt: SHOWN.startedAt },
    { id: 'q2', kind: 'external', state: 'FAILED', reason: 'out of paper', rows: null },
  ]);
});

test('tells a waiting engine of a termination once; the session is TERMINATING until it has ended', async () => {
  await agent.call('PUT', '/sessions/q1', SHOWN);
  const waiting = [agent.call('GET', '/terminations?wait=25s'), agent.call('GET', '/terminations?wait=25s')];
  agent.host.terminate({ id: 'q1', by: 'ada', reason: 'stale' });
  for (const answer of await Promise.all(waiting))
    expect(JSON.parse(answer.text)).toEqual({ terminations: [{ id: 'q1', by: 'ada', reason: 'stale' }] });
  expect(agent.host.live).toMatchObject([{ state: 'TERMINATING' }]);
  await agent.call('PUT', '/sessions/q1', SHOWN);
  expect(agent.host.live).toMatchObject([{ state: 'TERMINATING' }]);
  expect(agent.host.terminate({ id: 'q1', by: 'ada', reason: 'stale' })).toBe(false);
  expect(JSON.parse((await agent.call('GET', '/terminations?wait=10ms')).text)).toEqual({ terminations: [] });
  await agent.call('DELETE', '/sessions/q1');
  expect(agent.host.nextEnded()).toMatchObject([{ id: 'q1', state: 'TERMINATED', reason: 'stale' }]);
});

test("opens the socket to the agent's own user only, replacing that of a killed agent", async () => {
  const socketPath = join(agent.folder, 'sessions.sock');
  expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
  await agent.endpoint.stop();
  await writeFile(socketPath, '');
  await agent.open();
  const response = await new Promise<number | undefined>((resolve, reject) => {
    const asked = httpRequest(
      {
        socketPath,
        path: '/sessions/q1',
        method: 'PUT',
        headers: { host: 'agent', 'content-type': 'application/json' },
      },
      (answer) => resolve(answer.resume().statusCode),
    );
    asked.once('error', reject);
    asked.end(JSON.stringify(SHOWN));
  });
  expect(response).toBe(204);
  expect(agent.host.live).toHaveLength(1);
});

test('opens the port to readers of the token in the state folder; the token outlives the agent, and is made anew if it is missing', async () => {
  const path = join(agent.folder, 'sessions.token');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  for (const authorization of [
    '',
    'Bearer',
    'Bearer nonsense',
    `Basic ${await agent.token()}`,
    `Bearer ${await agent.token()}x`,
  ]) {
    expect(await agent.call('PUT', '/sessions/q1', SHOWN, { authorization })).toMatchObject({
      status: 401,
      text: expect.stringContaining(path),
    });
    expect(await agent.call('GET', '/terminations?wait=25s', undefined, { authorization })).toMatchObject({
      status: 401,
    });
  }
  expect(agent.host.live).toEqual([]);
  const before = await agent.token();
  await agent.endpoint.stop();
  await chmod(path, 0o644);
  await agent.open();
  expect(await agent.token()).toBe(before);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await agent.endpoint.stop();
  await rm(path);
  await agent.open();
  expect(await agent.token()).not.toBe(before);
  expect(await agent.call('PUT', '/sessions/q1', SHOWN)).toMatchObject({ status: 204 });
});

test("works with the documentation's example, whose session survives a restart of the agent and is terminated", async () => {
  const text = await readFile(DOCUMENT, 'utf8');
  const [, example = '', rest = ''] =
    /<!-- example:begin -->\n```js\n([^]*?)```\n<!-- example:end -->\n\n```js\n([^]*?)```/.exec(text) ?? [];
  const code = example.split('\n').filter((line) => line.trim() !== '');
  expect(code.length).toBeGreaterThan(15);
  expect(code.length).toBeLessThanOrEqual(21);
  const path = join(agent.folder, 'engine.mjs');
  await writeFile(path, example + rest);
  engine = spawn(process.execPath, [path, `http://127.0.0.1:${agent.port}`, join(agent.folder, 'sessions.token')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(engine, 'exit');
  await eventually(() =>
    expect(agent.host.live).toMatchObject([
      { id: 'report-1', principal: 'ada', statement: 'SELECT 42', state: 'RUNNING' },
    ]),
  );
  await agent.endpoint.stop();
  await agent.open();
  await eventually(() => expect(agent.host.live).toMatchObject([{ id: 'report-1', state: 'RUNNING' }]));
  agent.host.terminate({ id: 'report-1', by: 'ada', reason: 'enough' });
  await eventually(() =>
    expect(agent.host.nextEnded()).toMatchObject([{ id: 'report-1', state: 'TERMINATED', reason: 'enough' }]),
  );
  expect(await exited).toEqual([0, null]);
});

test('fails with one sentence when the port is taken', async () => {
  const another = new SessionsEndpoint(agent.host, await temporaryFolder(), agent.agentStatus, agent.log);
  await expect(another.start(agent.port)).rejects.toThrow(
    /^Compute\.Sessions\.EndpointPort \d+ cannot be had: .*EADDRINUSE.*; set it to a free port, or to 0$/,
  );
  await another.stop();
});
