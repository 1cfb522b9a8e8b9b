import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { createNode, editNode } from '../../../client/index.js';
import { simulatedFleet } from '../../support/simulated-fleet.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

const SIZE = 200;
const HOUR_MS = 3_600_000;
const LIST = `/v1/nodes?type=Compute&limit=${SIZE}`;

// An api that beats meanwhile would change what is read.
const api = useApi({ settings: { 'Compute.Heartbeat.Interval': '1h' } });

beforeAll(async () => {
  const { db } = api.app.get<Connection>(getConnectionToken());
  const fleet = simulatedFleet(SIZE, { heardAt: Date.now() + HOUR_MS });
  await db?.collection('nodes').insertMany(fleet.nodes as never[]);
  await db?.collection('heartbeats').insertMany(fleet.heartbeats as never[]);
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** Everything received over the wire, including headers. */
  bytes: number;
}

/** By a connection of its own, so that its bytes can be counted. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${api.url}${path}`,
      {
        method,
        agent: false,
        headers: {
          authorization: `Bearer ${api.adminToken}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(chunks),
            bytes: answer.socket.bytesRead,
          }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

const GZIP = { 'accept-encoding': 'gzip, deflate, br' };

test('a poll of 200 unchanged rows costs less than 2 kB, with all of its headers', async () => {
  const first = await ask(LIST, GZIP);
  expect(first.headers['etag']).toMatch(/^W\/"[\w-]+"$/);
  const again = await ask(LIST, { ...GZIP, 'if-none-match': String(first.headers['etag']) });
  expect([again.status, again.body.length]).toEqual([304, 0]);
  expect(again.headers['etag']).toBe(first.headers['etag']);
  expect(again.bytes).toBeLessThan(2_000);
});

test('an answer is compressed to a tenth for clients that accept it, without loss', async () => {
  const plain = await ask(LIST);
  const compressed = await ask(LIST, GZIP);
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(compressed.headers['content-encoding']).toBe('gzip');
  expect(compressed.headers['vary']).toMatch(/accept-encoding/i);
  expect(gunzipSync(compressed.body).equals(plain.body)).toBe(true);
  expect(JSON.parse(plain.body.toString()).items).toHaveLength(SIZE);
  expect(compressed.bytes).toBeLessThan(plain.bytes / 8);
  for (const refused of ['gzip;q=0', 'identity', 'br'])
    expect([refused, (await ask(LIST, { 'accept-encoding': refused })).headers['content-encoding']]).toEqual([
      refused,
      undefined,
    ]);
});

test('changed data is sent anew, whatever else the client has', async () => {
  const before = String((await ask(LIST)).headers['etag']);
  await editNode({
    client: api.admin,
    throwOnError: true,
    path: { id: 'sim-00007' },
    body: { description: 'moved to row 4' },
  });
  const after = await ask(LIST, { 'if-none-match': before });
  expect(after.status).toBe(200);
  expect(after.body.toString()).toContain('moved to row 4');
  expect((await ask(LIST, { 'if-none-match': `"other", ${String(after.headers['etag'])}` })).status).toBe(304);
  expect((await ask('/v1/nodes/nobody', { 'if-none-match': '*' })).status).toBe(404);
});

test('an answer may be cached by its reader only, and nobody else learns whether it changed', async () => {
  const mine = await ask(LIST);
  expect(mine.headers['cache-control']).toBe('private, no-cache');
  const theirs = await ask(LIST, { authorization: 'Bearer nonsense', 'if-none-match': String(mine.headers['etag']) });
  expect(theirs.status).toBe(401);
});

test('answers with a secret, answers to agents and event streams have neither compression nor ETag', async () => {
  const agent = await new AgentUnderTest(api).join(api.joinToken, 'node-1');
  const { response: beat } = await agent.beat();
  expect([beat?.status, beat?.headers.get('etag'), beat?.headers.get('content-encoding')]).toEqual([200, null, null]);
  await createNode({ client: api.admin, throwOnError: true, body: { name: 'slot-0' } });
  const made = await ask('/v1/nodes', GZIP, 'POST', JSON.stringify({ name: 'slot-1' }));
  expect(made.body.toString()).toContain('rcb_');
  expect([made.status, made.headers['etag'], made.headers['content-encoding']]).toEqual([201, undefined, undefined]);
  const leave = new AbortController();
  const stream = await api.raw('/v1/events', {
    headers: { authorization: `Bearer ${api.adminToken}`, ...GZIP },
    signal: leave.signal,
  });
  expect([stream.headers.get('etag'), stream.headers.get('content-encoding')]).toEqual([null, null]);
  leave.abort();
});
