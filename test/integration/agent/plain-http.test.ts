import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { PlainHttp, PlainRequest } from '../../../agent/sim/plain-http.js';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function ask(url: string, init: Partial<ConstructorParameters<typeof PlainRequest>[1]> = {}): Promise<Response> {
  const request = new PlainRequest(url, { method: 'GET', headers: new Headers(), ...init });
  return new PlainHttp().fetch(request as unknown as Request);
}

test('sends the body with its length, and reads the answer', async () => {
  const url = await listen((request, response) => {
    request.on('data', (body: Buffer) => {
      response.writeHead(201, { 'retry-after': '7' }).end(
        JSON.stringify({
          said: body.toString(),
          length: request.headers['content-length'],
          type: request.headers['content-type'],
        }),
      );
    });
  });
  const response = await ask(`${url}/v1/agent/heartbeat`, {
    method: 'POST',
    body: '{"é":1}',
    headers: new Headers({ 'Content-Type': 'application/json' }),
  });
  expect([response.status, response.ok, response.headers.get('Retry-After'), response.headers.has('etag')]).toEqual([
    201,
    true,
    '7',
    false,
  ]);
  expect(JSON.parse(await response.text())).toEqual({ said: '{"é":1}', length: '8', type: 'application/json' });
});

test('returns a refusal as an answer', async () => {
  const url = await listen((_, response) => response.writeHead(503).end('later'));
  const response = await ask(url);
  expect([response.ok, await response.text()]).toEqual([false, 'later']);
});

test('reports the error code when nothing listens', async () => {
  const url = await listen(() => undefined);
  server?.close();
  await expect(ask(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test.each([
  ['before it begins', true],
  ['while it waits for the answer', false],
])('rejects with the reason when a call is aborted %s', async (_, isBefore) => {
  const seen = new EventEmitter();
  const url = await listen(() => seen.emit('request'));
  const asked = once(seen, 'request');
  const controller = new AbortController();
  const reason = new DOMException('no answer within 1 ms', 'TimeoutError');
  if (isBefore) controller.abort(reason);
  const answer = ask(url, { signal: controller.signal });
  const rejected = expect(answer).rejects.toBe(reason);
  if (!isBefore) {
    await asked;
    controller.abort(reason);
  }
  await rejected;
});

test('fails when a connection breaks within the answer', async () => {
  const url = await listen((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half');
    response.socket?.destroy();
  });
  await expect(ask(url)).rejects.toMatchObject({ code: 'ECONNRESET' });
});
