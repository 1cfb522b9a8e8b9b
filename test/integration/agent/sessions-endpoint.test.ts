import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { OwnDrain } from '../../../agent/availability/own-drain.js';
import { SessionsEndpoint } from '../../../agent/sessions/endpoint/sessions-endpoint.js';
import { NoEngine } from '../../../agent/sessions/session-engine.js';
import { SessionFolders } from '../../../agent/sessions/session-folders.js';
import { SessionHost } from '../../../agent/sessions/session-host.js';
import { AgentStatus } from '../../../agent/membership/agent-status.js';
import { MAX_SESSIONS_PER_NODE } from '../../../contract/sessions.js';
import { systemClock } from '../../../agent/process/agent-clock.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { LogRecorder } from '../../support/agent/log-recorder.js';

/** Other engines' sessions, over real sockets. */

const DOCUMENT = fileURLToPath(new URL('../../../docs/sessions-endpoint.md', import.meta.url));

const agentStatus = new AgentStatus();
let host: SessionHost;
let endpoint: SessionsEndpoint;
let log: LogRecorder;
let folder: string;
let port: number;
let engine: ChildProcess | undefined;

async function open(): Promise<void> {
  host = new SessionHost({
    engine: new NoEngine(),
    folders: new SessionFolders(folder),
    resultRetentionMs: 60_000,
    clock: systemClock,
    log,
  });
  const ownDrain = { id: 'node-1', look: async () => ({ availability: 'ACTIVE' }) } as unknown as OwnDrain;
  endpoint = new SessionsEndpoint(host, folder, agentStatus, log, ownDrain);
  port = (await endpoint.start(port)) ?? 0;
}

beforeEach(async () => {
  log = new LogRecorder();
  folder = await temporaryFolder();
  port = 0;
  await open();
});
afterEach(async () => {
  engine?.kill('SIGKILL');
  engine = undefined;
  await endpoint.stop();
});

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const authorization = `Bearer ${await tokenOf(folder)}`;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization, ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(text === undefined ? {} : { body: text }),
  });
  return { status: response.status, text: await response.text() };
}

const tokenOf = async (stateDir: string) => (await readFile(join(stateDir, 'sessions.token'), 'utf8')).trim();

const SHOWN = { principal: 'ada', statement: 'SELECT\n  42', startedAt: '2026-11-22T01:00:00.000Z' };

test('says how the agent stands with the cluster', async () => {
  const { status, text } = await call('GET', '/status');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ node: null, heartbeatTaken: false, summary: 'has not joined yet' });
  expect((await call('PUT', '/status', {})).status).toBe(405);
});

test('whoever has the token of the port does not decide whether the node is available', async () => {
  expect(await call('PUT', '/availability', { value: 'DRAINED' })).toMatchObject({ status: 404 });
  const atSocket = new Promise<string>((resolve, reject) => {
    const asked = httpRequest({ socketPath: join(folder, 'sessions.sock'), path: '/availability' }, (answer) => {
      answer.setEncoding('utf8').once('data', resolve);
    });
    asked.once('error', reject);
    asked.end();
  });
  expect(JSON.parse(await atSocket)).toEqual({ node: 'node-1', availability: 'ACTIVE' });
});

test('a session that was shown is reported until its engine says that it has ended', async () => {
  expect(await call('PUT', '/sessions/q1', SHOWN)).toEqual({ status: 204, text: '' });
  expect(await call('PUT', '/sessions/q2', { principal: 'bob', statement: 'x'.repeat(5_000) })).toMatchObject({
    status: 204,
  });
  expect(host.live).toEqual([
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
  expect(await host.load()).toMatchObject({ running: 2, cpu: { reserved: 0 } });
  host.changed.clear();
  await call('PUT', '/sessions/q1', SHOWN);
  // Repeated, it changes nothing.
  expect(host.changed.isRung).toBe(false);
  expect(await call('DELETE', '/sessions/q1', { rows: 1 })).toMatchObject({ status: 204 });
  expect(await call('DELETE', '/sessions/q2', { state: 'FAILED', reason: 'out of paper' })).toMatchObject({
    status: 204,
  });
  expect(host.live).toEqual([]);
  expect(host.nextEnded()).toMatchObject([
    { id: 'q1', kind: 'external', state: 'COMPLETED', reason: '', rows: 1, startedAt: SHOWN.startedAt },
    { id: 'q2', kind: 'external', state: 'FAILED', reason: 'out of paper', rows: null },
  ]);
});

test('who waits hears of a termination, once; the session is TERMINATING until it has ended', async () => {
  await call('PUT', '/sessions/q1', SHOWN);
  const waiting = [call('GET', '/terminations?wait=25s'), call('GET', '/terminations?wait=25s')];
  host.terminate({ id: 'q1', by: 'ada', reason: 'stale' });
  for (const answer of await Promise.all(waiting))
    expect(JSON.parse(answer.text)).toEqual({ terminations: [{ id: 'q1', by: 'ada', reason: 'stale' }] });
  expect(host.live).toMatchObject([{ state: 'TERMINATING' }]);
  await call('PUT', '/sessions/q1', SHOWN);
  expect(host.live).toMatchObject([{ state: 'TERMINATING' }]);
  expect(host.terminate({ id: 'q1', by: 'ada', reason: 'stale' })).toBe(false);
  expect(JSON.parse((await call('GET', '/terminations?wait=10ms')).text)).toEqual({ terminations: [] });
  await call('DELETE', '/sessions/q1');
  expect(host.nextEnded()).toMatchObject([{ id: 'q1', state: 'TERMINATED', reason: 'stale' }]);
});

test("the socket is for the agent's own user, and one that a killed agent left is in nobody's way", async () => {
  const socketPath = join(folder, 'sessions.sock');
  expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
  await endpoint.stop();
  await writeFile(socketPath, '');
  await open();
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
  expect(host.live).toHaveLength(1);
});

test('the port is for who can read the token in the state folder; it outlives the agent, and a new one is made where it is gone', async () => {
  const path = join(folder, 'sessions.token');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  for (const authorization of [
    '',
    'Bearer',
    'Bearer nonsense',
    `Basic ${await tokenOf(folder)}`,
    `Bearer ${await tokenOf(folder)}x`,
  ]) {
    expect(await call('PUT', '/sessions/q1', SHOWN, { authorization })).toMatchObject({
      status: 401,
      text: expect.stringContaining(path),
    });
    expect(await call('GET', '/terminations?wait=25s', undefined, { authorization })).toMatchObject({ status: 401 });
  }
  expect(host.live).toEqual([]);
  const before = await tokenOf(folder);
  await endpoint.stop();
  await chmod(path, 0o644);
  await open();
  expect(await tokenOf(folder)).toBe(before);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await endpoint.stop();
  await rm(path);
  await open();
  expect(await tokenOf(folder)).not.toBe(before);
  expect(await call('PUT', '/sessions/q1', SHOWN)).toMatchObject({ status: 204 });
});

describe('what is malformed is answered with one sentence', () => {
  test.each<[string, string, unknown, Record<string, string>, number, RegExp]>([
    ['PUT', '/sessions/q1', { ...SHOWN, principal: 'x'.repeat(10_000) }, {}, 400, /^principal: /],
    [
      'PUT',
      '/sessions/q1',
      { ...SHOWN, principal: 'a\u0007' },
      {},
      400,
      /^principal: must not contain control characters$/,
    ],
    ['PUT', '/sessions/q1', { statement: 'SELECT 1' }, {}, 400, /^principal: /],
    ['PUT', '/sessions/q1', { ...SHOWN, startedAt: 'yesterday' }, {}, 400, /^startedAt: /],
    [
      'PUT',
      '/sessions/q1',
      { ...SHOWN, startedAt: '2999-01-01T00:00:00Z' },
      {},
      400,
      /^startedAt: it lies in the future$/,
    ],
    ['PUT', '/sessions/q1', { ...SHOWN, colour: 'red' }, {}, 400, /colour/],
    ['PUT', '/sessions/q1', 'nonsense', {}, 400, /^the body is no JSON$/],
    ['PUT', '/sessions/q1', undefined, {}, 400, /^the body: /],
    ['PUT', '/sessions/q1', SHOWN, { 'content-type': 'text/plain' }, 415, /^the body must be JSON/],
    [
      'PUT',
      '/sessions/q1',
      { ...SHOWN, statement: 'x'.repeat(300_000) },
      {},
      413,
      /^the body is larger than 262144 bytes$/,
    ],
    ['PUT', '/sessions/a%2Fb', SHOWN, {}, 400, /^the session's id: a session id has 1 to 64/],
    ['PUT', '/sessions/..%2f..%2fetc', SHOWN, {}, 400, /^the session's id: /],
    ['DELETE', '/sessions/q1', undefined, {}, 404, /^no engine shows a session q1$/],
    ['DELETE', '/sessions/q1', { state: 'LOST' }, {}, 400, /^state: /],
    ['POST', '/sessions/q1', SHOWN, {}, 405, /^a session takes PUT and DELETE only$/],
    ['DELETE', '/terminations', undefined, {}, 405, /GET only$/],
    ['GET', '/terminations?wait=5', undefined, {}, 400, /^wait: a duration of at most 1m is wanted, such as 25s$/],
    ['GET', '/terminations?wait=2m', undefined, {}, 400, /^wait: /],
    ['GET', '/terminations?weit=2s', undefined, {}, 400, /^"weit" is no parameter/],
    [
      'GET',
      '/',
      undefined,
      {},
      404,
      /^there are PUT and DELETE \/sessions\/\{id\}, GET \/terminations, and GET \/status$/,
    ],
    [
      'PUT',
      '/sessions/q1',
      SHOWN,
      { origin: 'http://evil.example' },
      403,
      /^this port is for engines, not for pages in a browser$/,
    ],
  ])('%s %s %#', async (method, path, body, headers, status, sentence) => {
    const answer = await call(method, path, body, headers);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({ detail: expect.stringMatching(sentence) });
    expect(host.live).toEqual([]);
  });

  test('a name that was made to point here', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.end('PUT /sessions/q1 HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 403 [^]*this port answers to 127\.0\.0\.1 and localhost only/);
  });

  test('one session too many', async () => {
    for (let index = 0; index < MAX_SESSIONS_PER_NODE; index++)
      expect(host.show(`q${index}`, { principal: 'ada', statement: 'SELECT 1' })).toBeUndefined();
    expect(await call('PUT', '/sessions/more', SHOWN)).toEqual({
      status: 409,
      text: JSON.stringify({ detail: 'this node has 1000 sessions already, and no room for another' }),
    });
    expect(await call('PUT', '/sessions/q0', SHOWN)).toMatchObject({ status: 204 });
    host.open({ id: 's1', principal: 'ada', sql: 'SELECT 1', resources: { cpu: 1, memory: 1, disk: 1, gpu: 0 } });
    expect(host.nextEnded()).toMatchObject([
      { id: 's1', state: 'FAILED', reason: 'this node has 1000 sessions already' },
    ]);
  });
});

test('the example of the documentation, as a process of its own, is shown, survives a restart of the agent, and is terminated', async () => {
  const text = await readFile(DOCUMENT, 'utf8');
  const [, example = '', rest = ''] =
    /<!-- example:begin -->\n```js\n([^]*?)```\n<!-- example:end -->\n\n```js\n([^]*?)```/.exec(text) ?? [];
  const code = example.split('\n').filter((line) => line.trim() !== '');
  expect(code.length).toBeGreaterThan(15);
  expect(code.length).toBeLessThanOrEqual(21);
  const path = join(folder, 'engine.mjs');
  await writeFile(path, example + rest);
  engine = spawn(process.execPath, [path, `http://127.0.0.1:${port}`, join(folder, 'sessions.token')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(engine, 'exit');
  await eventually(() =>
    expect(host.live).toMatchObject([{ id: 'report-1', principal: 'ada', statement: 'SELECT 42', state: 'RUNNING' }]),
  );
  await endpoint.stop();
  await open();
  await eventually(() => expect(host.live).toMatchObject([{ id: 'report-1', state: 'RUNNING' }]));
  host.terminate({ id: 'report-1', by: 'ada', reason: 'enough' });
  await eventually(() =>
    expect(host.nextEnded()).toMatchObject([{ id: 'report-1', state: 'TERMINATED', reason: 'enough' }]),
  );
  expect(await exited).toEqual([0, null]);
});

test('a port that is taken is one sentence', async () => {
  const another = new SessionsEndpoint(host, await temporaryFolder(), agentStatus, log);
  await expect(another.start(port)).rejects.toThrow(
    /^Compute\.Sessions\.EndpointPort \d+ cannot be had: .*EADDRINUSE.*; set it to a free port, or to 0$/,
  );
  await another.stop();
});
