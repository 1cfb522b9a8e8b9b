import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { MAX_SESSIONS_PER_NODE } from '../../../contract/sessions.js';
import { SHOWN, useSessionsEndpoint } from '../../support/agent/sessions-endpoint.js';

const agent = useSessionsEndpoint();

describe('a malformed request is answered with one sentence', () => {
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
    const answer = await agent.call(method, path, body, headers);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({ detail: expect.stringMatching(sentence) });
    expect(agent.host.live).toEqual([]);
  });

  test('a Host that resolves to this machine by DNS rebinding', async () => {
    const socket = connect(agent.port, '127.0.0.1');
    socket.end('PUT /sessions/q1 HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 403 [^]*this port answers to 127\.0\.0\.1 and localhost only/);
  });

  test('one session too many', async () => {
    for (let index = 0; index < MAX_SESSIONS_PER_NODE; index++)
      expect(agent.host.show(`q${index}`, { principal: 'ada', statement: 'SELECT 1' })).toBeUndefined();
    expect(await agent.call('PUT', '/sessions/more', SHOWN)).toEqual({
      status: 409,
      text: JSON.stringify({ detail: 'this node has 1000 sessions already, and no room for another' }),
    });
    expect(await agent.call('PUT', '/sessions/q0', SHOWN)).toMatchObject({ status: 204 });
    agent.host.open({ id: 's1', principal: 'ada', sql: 'SELECT 1', resources: { cpu: 1, memory: 1, disk: 1, gpu: 0 } });
    expect(agent.host.nextEnded()).toMatchObject([
      { id: 's1', state: 'FAILED', reason: 'this node has 1000 sessions already' },
    ]);
  });
});
