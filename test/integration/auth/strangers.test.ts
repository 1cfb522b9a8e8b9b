import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import { problemSchema } from '../../../contract/schemas/problem.js';
import { eventually } from '../../support/eventually.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { freshDatabase, startApi, useApi } from '../../support/api/api-under-test.js';
import { useOwnMongod } from '../../support/servers/mongod.js';

// Unauthenticated requests: they cost the api little, and never fail it.

/** Limits high enough for all deliberate failures of these tests. */
const PATIENT = {
  'Orchestrator.API.MaxWrongCredentialsPerSecond': '1000',
  'Orchestrator.API.MaxJoinsPerSecond': '1000',
};

interface Operation {
  'x-rollcall-access'?: string;
  requestBody?: unknown;
}
const { paths } = JSON.parse(await readFile('openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
/** Every route that reads a body: method, address, and who may call it. */
const WITH_BODY = Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(operations).flatMap(([method, operation]) =>
    operation.requestBody === undefined
      ? []
      : [[method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'some'), operation['x-rollcall-access'] ?? ''] as const],
  ),
);

const api = useApi({ mongod: useOwnMongod(), settings: PATIENT });
let agent: AgentUnderTest;
beforeAll(async () => {
  agent = await new AgentUnderTest(api).join(api.joinToken, 'node-1');
});

/** A connection for requests that no client would send. */
async function open(): Promise<{ socket: Socket; answer: () => Promise<string> }> {
  const { hostname, port } = new URL(api.url);
  const socket = connect({ host: hostname, port: Number(port) });
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return {
    socket,
    answer: () =>
      eventually(() => {
        if (!/^HTTP[^]*\r\n\r\n/.test(text) && !socket.closed) throw new Error('no answer yet');
        return text;
      }),
  };
}

async function ask(head: string): Promise<{ status: number; text: string }> {
  const { socket, answer } = await open();
  socket.write(head);
  const text = await answer();
  socket.destroy();
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text };
}

const FOUR_MIB = 4 * 1_024 ** 2;
const head = (method: string, path: string, headers: string[] = []) =>
  [`${method} ${path} HTTP/1.1`, 'Host: api', ...headers, '', ''].join('\r\n');
const announcing = (bytes: number) => ['Content-Type: application/json', `Content-Length: ${bytes}`];

describe('the body of an unauthenticated request is not read', () => {
  test.each(WITH_BODY.filter(([, , access]) => access !== 'stranger'))(
    '%s %s asks for credentials (%s) first',
    async (method, path) => {
      const { status, text } = await ask(head(method, path, announcing(FOUR_MIB)));
      expect([status, text]).toEqual([401, expect.stringContaining('UNAUTHENTICATED')]);
    },
  );

  test('nor is it for an unknown address', async () => {
    expect((await ask(head('POST', '/v1/nothing', announcing(FOUR_MIB)))).status).toBe(404);
  });

  test.each(WITH_BODY.filter(([, , access]) => access === 'stranger'))(
    '%s %s accepts a small one',
    async (method, path) => {
      expect((await ask(head(method, path, announcing(path === '/v1/agent/register' ? 65_537 : 4_097)))).status).toBe(
        413,
      );
    },
  );

  test('every route with a body declares who may call it', () =>
    expect(WITH_BODY.filter(([, , access]) => access === '' || access === 'public')).toEqual([]));
});

const ODD: unknown[] = [
  undefined,
  null,
  '',
  'x'.repeat(1_500),
  ['a'],
  [],
  {},
  { $ne: null },
  { toString: 1 },
  true,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
];
const CLAIMS = ['sub', 'aud', 'iat', 'exp', 'jti', 'nbf', 'iss', 'gen'];

/** Assertions of a joined node in which one claim is odd; for the subject, also objects that contain the right one. */
async function oddAssertions(): Promise<string[]> {
  const now = Math.floor(Date.now() / 1_000);
  const right = () => ({ sub: agent.uid, aud: 'rollcall', jti: randomUUID(), iat: now, exp: now + 60 });
  const payloads = [
    ...CLAIMS.flatMap((claim) => ODD.map((value) => ({ ...right(), [claim]: value }))),
    ...[[agent.uid], { 0: agent.uid }, [[agent.uid]], `${agent.uid}\n`].map((sub) => ({ ...right(), sub })),
  ];
  const sign = (payload: object, header: object = {}) =>
    new SignJWT({ ...payload }).setProtectedHeader({ alg: 'EdDSA', ...header }).sign(agent.keys.privateKey);
  const headers = ODD.filter((value) => value !== undefined).flatMap((value) => [{ kid: value }, { typ: value }]);
  return [
    ...(await Promise.all(payloads.map((payload) => sign(payload)))),
    ...(await Promise.all(headers.map((header) => sign(right(), header)))),
    new UnsecuredJWT(right()).encode(),
    'a.b.c',
    '..',
    '',
  ];
}

/** No internal error; a temporary failure says when to retry. */
function isAnswer(status: number, text: string): boolean {
  if (status === 429 || status === 503) return /^retry-after: [1-9]\d*\r$/im.test(text);
  return status >= 200 && status < 500;
}

describe("invalid credentials are the sender's fault, never the api's", () => {
  test('tokens with odd claims are refused', async () => {
    const odd = await oddAssertions();
    for (const assertion of odd) {
      const traded = await agent.trade(assertion);
      // An odd claim may be one that is not checked: an issuer, or an additional audience.
      expect([
        traded.response?.status === 401 ||
          traded.response?.status === 200 ||
          traded.response?.status === 400 ||
          traded.response?.status === 429,
        assertion,
      ]).toEqual([true, assertion]);
      for (const path of ['/v1/nodes', '/v1/agent/commands']) {
        const { status } = await api.raw(path, { headers: { authorization: `Bearer ${assertion}` } });
        expect([status, assertion]).toEqual([401, assertion]);
      }
    }
  }, 120_000);

  test('a subject that is a list or an object is not a node, even if it contains the node', async () => {
    const now = Math.floor(Date.now() / 1_000);
    for (const sub of [[agent.uid], { 0: agent.uid }]) {
      const assertion = await new SignJWT({ sub, aud: 'rollcall', jti: randomUUID(), iat: now, exp: now + 60 } as never)
        .setProtectedHeader({ alg: 'EdDSA' })
        .sign(agent.keys.privateKey);
      expect((await agent.trade(assertion)).response?.status).toBe(401);
    }
  });

  const ADDRESSES = [
    '/assets/..',
    '/assets/.',
    '/assets/...',
    '/assets/.git',
    '/assets/a..b',
    '/assets/%2e%2e',
    '/assets/..%2f..%2fpackage.json',
    '/..',
    '/../package.json',
    '//',
    '//v1/nodes',
    '/%',
    '/%00',
    '/%zz',
    '/assets/%00.js',
    '/favicon.svg/..',
    '/v1/nodes/..',
    '/v1/nodes/%2e%2e',
    '/v1/nodes/%',
    '/v1/nodes/a%00b',
    '/docs/..',
    '/docs/..%2f',
    '/openapi.json/..',
    '/?a[b]=c',
    '/?__proto__=1',
    '/v1/nodes?%',
    `/${'a'.repeat(8_000)}`,
    `/v1/nodes/${'a'.repeat(8_000)}`,
    `/v1/nodes?q=${'a'.repeat(8_000)}`,
    '*',
    'http://other/v1/nodes',
    '/v1/nodes;a=b',
    '/docs/swagger-ui.css',
    '/readyz/',
    '/metrics?x',
  ];
  const HEADERS = [
    'Accept: text/html',
    'Range: bytes=999999999-',
    'Range: bytes=x',
    'If-Match: "x"',
    'If-Modified-Since: x',
    'Cookie: rollcall-login=;;=;%',
    'Cookie: __proto__=x',
    'Authorization: Basic ====',
    'Authorization:',
    'X-Forwarded-For: ,,,',
    'X-Forwarded-Host: a b',
    'Accept-Encoding: x;q=y',
    'Content-Type: \u0001',
    'Content-Length: 0',
    'Transfer-Encoding: gzip, chunked',
    'Expect: something',
    'Upgrade: websocket',
    'Idempotency-Key: x',
    'Accept-Version: 9',
    'Origin: null',
    'Sec-Fetch-Site: x',
  ];

  test.each(ADDRESSES)(
    '%s',
    async (address) => {
      for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'TRACE', 'PROPFIND']) {
        for (const headers of [
          [],
          ['Accept: text/html'],
          ['Content-Type: application/json', 'Content-Length: 2', '', '{}'],
        ]) {
          const { status, text } = await ask(head(method, address, headers));
          expect([isAnswer(status, text), method, address, headers, status]).toEqual([
            true,
            method,
            address,
            headers,
            status,
          ]);
        }
      }
    },
    60_000,
  );

  test.each(HEADERS)(
    '%s',
    async (header) => {
      for (const address of ['/', '/favicon.svg', '/assets/none.js', '/docs', '/v1/nodes', '/readyz', '/v1/events']) {
        const { status, text } = await ask(head('GET', address, [header]));
        expect([isAnswer(status, text), address, header, text.slice(0, 80)]).toEqual([
          true,
          address,
          header,
          text.slice(0, 80),
        ]);
      }
    },
    60_000,
  );
});

test('a request while the api stops is told so, and when to retry', async () => {
  const stopping = await startApi({ mongoUri: freshDatabase(api.mongoUri) });
  const { hostname, port } = new URL(stopping.url);
  // Half of a request: the connection is not idle, and outlives the server's end.
  const socket = connect({ host: hostname, port: Number(port) });
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.write('GET /v1/nodes HTTP/1.1\r\nHost: api\r\n');
  await eventually(async () => expect((await stopping.raw('/livez')).status).toBe(200));
  const closed = stopping.close();
  await eventually(() => expect(stopping.app.getHttpServer().listening).toBe(false));
  socket.write('\r\n');
  await once(socket, 'close');
  await closed;
  const [headers = '', body = ''] = text.split('\r\n\r\n');
  expect(headers).toMatch(/^HTTP\/1\.1 503 /);
  expect(headers.toLowerCase()).toContain('content-type: application/problem+json');
  expect(headers.toLowerCase()).toMatch(/retry-after: [1-9]/);
  expect(problemSchema.parse(JSON.parse(body))).toMatchObject({ code: 'UNAVAILABLE', detail: 'the api is stopping' });
}, 60_000);
