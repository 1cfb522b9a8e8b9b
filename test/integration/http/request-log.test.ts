import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pinoHttp, type Options } from 'pino-http';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { requestLog } from '../../../src/http/request-log.js';
import { ManualClock } from '../../support/manual-clock.js';

/** Lines of the api's log, over real requests. */

let clock: ManualClock;
let lines: { path: string; status: number; refusedUnlogged?: number; traceId?: string }[];
let server: Server;

beforeEach(async () => {
  clock = new ManualClock(1_000_000);
  lines = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) });
  const logging = pinoHttp(requestLog(log, clock).pinoHttp as Options);
  server = createServer((request, response) => {
    logging(request, response);
    response.statusCode = Number(request.url?.slice(1, 4));
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function ask(status: number, times = 1): Promise<void> {
  const { port } = server.address() as AddressInfo;
  for (let time = 0; time < times; time += 1) await (await fetch(`http://127.0.0.1:${port}/${status}`)).text();
}

test('a hundred refused requests of one address are logged, then two a second; the next line has the number of the others', async () => {
  await ask(401, 130);
  expect(lines.filter(({ status }) => status === 401)).toHaveLength(100);
  await ask(200);
  expect(lines.at(-1)).toMatchObject({ status: 200, path: '/200', refusedUnlogged: 30 });
  await ask(200);
  expect(lines.at(-1)).not.toHaveProperty('refusedUnlogged');
  clock.advance(1_000);
  await ask(429, 3);
  expect(lines.filter(({ status }) => status === 429)).toHaveLength(2);
});

test('every answer of the api, and where it failed, is logged', async () => {
  await ask(404, 110);
  await ask(500, 3);
  await ask(200, 3);
  expect(lines.filter(({ status }) => status === 500)).toHaveLength(3);
  expect(lines.filter(({ status }) => status === 200)).toHaveLength(3);
});

test("a line has the caller's trace", async () => {
  const { port } = server.address() as AddressInfo;
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  await fetch(`http://127.0.0.1:${port}/200`, { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } });
  await ask(201);
  expect(lines.map((line) => [line.status, line.traceId])).toEqual([
    [200, traceId],
    [201, undefined],
  ]);
});
