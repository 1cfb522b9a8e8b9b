import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { createApiToken, createJoinToken, createNode } from '../../../client/index.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

/** No GET changes anything: each one in openapi.json leaves a filled database as it was. */

const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, unknown>>;
};
const READ = Object.keys(paths).filter((path) => 'get' in (paths[path] ?? {}));

/** A token's last use is recorded on purpose, and beats come by the clock. */
const VOLATILE = new Set(['lastUsedAt']);
const BY_THE_CLOCK = new Set([
  'heartbeats',
  'pulses',
  'signingkeys',
  'fleethistory',
  'leases',
  'system.buckets.beathistory',
  'system.buckets.minutehistory',
]);

// An api that beats by itself meanwhile would spoil the comparison.
const api = useApi({ settings: { 'Compute.Heartbeat.Interval': '1s' } });
let ids: Record<string, string>;

beforeAll(async () => {
  await createNode({ client: api.admin, body: { name: 'slot' }, headers: { 'Idempotency-Key': 'k' } });
  const agent = await new AgentUnderTest(api).join(api.joinToken, 'node-1');
  await agent.beat();
  const [join, token] = [
    await createJoinToken({ client: api.admin, body: {} }),
    await createApiToken({ client: api.admin, body: { name: 'other', role: 'viewer' } }),
  ];
  ids = { node: 'node-1', 'join-tokens': join.data?.joinToken.id ?? '', 'api-tokens': token.data?.apiToken.id ?? '' };
  await api.raw('/v1/login', {
    method: 'POST',
    body: JSON.stringify({ token: api.adminToken }),
    headers: { 'content-type': 'application/json' },
  });
});
async function contents(): Promise<Record<string, string>> {
  const { db } = api.app.get<Connection>(getConnectionToken());
  const collections = (await db?.listCollections({ type: 'collection' }).toArray()) ?? [];
  const texts = collections
    .filter(({ name }) => !BY_THE_CLOCK.has(name))
    .map(
      async ({ name }) =>
        [
          name,
          JSON.stringify(await db?.collection(name).find().sort({ _id: 1 }).toArray(), (key, value: unknown) =>
            VOLATILE.has(key) ? undefined : value,
          ),
        ] as const,
    );
  return Object.fromEntries(await Promise.all(texts));
}

const addressOf = (path: string) =>
  path
    .replace('{id}', Object.entries(ids).find(([kind]) => path.includes(`/${kind}`))?.[1] ?? 'node-1')
    .replace(/\{\w+\}/g, 'x');

test('the database has data that a GET could change', async () => {
  const before = await contents();
  const filled = Object.entries(before)
    .filter(([, text]) => text !== '[]')
    .map(([name]) => name);
  expect(filled).toEqual(
    expect.arrayContaining(['nodes', 'events', 'tokens', 'apitokens', 'logins', 'idempotencykeys']),
  );
});

test.each(READ)('GET %s changes nothing', async (path) => {
  const before = await contents();
  for (const query of ['', '?force=true&wait=1s&approval=APPROVED']) {
    for (const method of ['GET', 'HEAD']) {
      const reading = new AbortController();
      const headers = { authorization: `Bearer ${api.adminToken}`, 'x-http-method-override': 'DELETE' };
      const response = await api.raw(`${addressOf(path)}${query}`, { method, headers, signal: reading.signal });
      expect(response.status).toBeLessThan(504);
      // An event stream ends when its reader disconnects.
      reading.abort();
    }
  }
  expect(await contents()).toEqual(before);
});
