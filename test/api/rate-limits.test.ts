import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { approveNode, getNode, listNodes, putInfo, regenerateBootstrapToken } from '../../client/index.js';
import { loadConfig } from '../../contract/config/load-config.js';
import { Clock } from '../../src/clock.js';
import { addressKey } from '../../src/auth/address-key.js';
import { FailedAuthentications } from '../../src/auth/failed-authentications.js';
import { TokenBuckets } from '../../src/auth/token-buckets.js';
import { unauthenticated } from '../../src/auth/unauthenticated.js';
import { TemporalModule } from '../../src/temporal/temporal.module.js';
import { eventually } from '../support/eventually.js';
import { tooManyRequests } from '../../src/auth/too-many-requests.js';
import { sharedMongod, type Mongod } from '../support/mongod.js';
import { startTemporal, type Temporal } from '../support/temporal.js';
import { AgentUnderTest, INFO } from './agent-under-test.js';
import { freshDatabase, startApi, type ApiUnderTest } from './api-under-test.js';
import { startWorker } from './worker-under-test.js';

let mongod: Mongod;
let temporal: Temporal;
let api: ApiUnderTest;
let worker: INestApplicationContext;

beforeAll(async () => {
  [mongod, temporal] = await Promise.all([sharedMongod(), startTemporal()]);
  api = await startApi({ mongoUri: freshDatabase(mongod.uri), temporal: (config) => TemporalModule.forClient(config), settings: { 'Orchestrator.Temporal.Address': temporal.address } });
  worker = await startWorker(api.config);
}, 120_000);
afterAll(async () => {
  await worker?.close();
  await api?.close();
  await Promise.all([temporal?.stop(), mongod?.stop()]);
}, 60_000);

const historyLength = async (id: string) => (await temporal.env.client.workflow.getHandle(`lifecycle-${id}`).describe()).historyLength;
const statusesOf = (answers: { response?: Response | undefined }[]) => answers.map(({ response }) => response?.status);
const countsOf = (statuses: unknown[]) => Object.fromEntries([...new Set(statuses)].map((status) => [String(status), statuses.filter((other) => other === status)]));

async function activeNode(name: string): Promise<AgentUnderTest> {
  const agent = await new AgentUnderTest(api).join(api.joinToken, name);
  await agent.beat();
  await eventually(async () => expect((await getNode({ client: api.admin, path: { id: name } })).data).toMatchObject({ phase: 'ACTIVE', status: 'HEALTHY' }));
  return agent;
}

describe('a node that floods the api with heartbeats', () => {
  test('is told when to come again; others are not held up, and its history does not grow', async () => {
    const [flooder, neighbour] = [await activeNode('flooder'), await activeNode('neighbour')];
    const before = await historyLength('flooder');
    const began = Date.now();
    const flood = Promise.all(Array.from({ length: 500 }, () => flooder.beatOnce()));
    const neighbours = [];
    for (let beats = 0; beats < 3; beats += 1) neighbours.push(await neighbour.beatOnce());
    const answers = await flood;
    // A slow machine takes long enough over it for the allowance to grow.
    const earned = 2 * Math.ceil((Date.now() - began) / 1_000);
    expect(statusesOf(neighbours)).toEqual([200, 200, 200]);
    const { 429: refused = [], 200: heard = [] } = countsOf(statusesOf(answers));
    expect(refused.length).toBeGreaterThan(460 - earned);
    // The order in which they arrive is not the order in which they were sent: some are stale.
    expect(heard.length).toBeLessThan(25 + earned);
    const busy = answers.find(({ response }) => response?.status === 429);
    expect(Number(busy?.response?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(busy?.error).toMatchObject({ code: 'TOO_MANY_REQUESTS', hint: expect.stringMatching(/^Try again in [1-3] s$/) });
    // Each heartbeat that a workflow hears costs it about four events.
    expect((await historyLength('flooder')) - before).toBeLessThan(30);
    expect((await flooder.beat()).response?.status).toBe(200);
  }, 60_000);

  test('is limited in all that it sends, and by its own credential only', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'reporter');
    const reports = await Promise.all(Array.from({ length: 40 }, () => putInfo({ client: agent.client, body: INFO })));
    expect(countsOf(statusesOf(reports))['429']?.length).toBeGreaterThan(20);
    const { data } = await regenerateBootstrapToken({ client: api.admin, path: { id: 'reporter' } });
    // What still has the earlier credential goes on flooding, and is none of the new one's business.
    await Promise.all(Array.from({ length: 40 }, () => putInfo({ client: agent.client, body: INFO })));
    const again = await new AgentUnderTest(api).join(data?.bootstrapToken ?? '');
    expect((await again.beatOnce()).response?.status).toBe(200);
  });
});

test('an agent that asks for access tokens again and again is told to wait', async () => {
  const agent = await new AgentUnderTest(api).join(api.joinToken, 'restless');
  const answers = [];
  for (let times = 0; times < 30; times += 1) answers.push(await agent.trade(await agent.assertion()));
  expect(new Set(statusesOf(answers))).toEqual(new Set([200, 429]));
});

test('a script of an administrator that runs away is slowed down', async () => {
  const answers = [];
  // A slow machine takes longer to ask for more than is allowed.
  for (let batch = 0; batch < 20 && !statusesOf(answers).includes(429); batch += 1) {
    answers.push(...(await Promise.all(Array.from({ length: 300 }, () => approveNode({ client: api.admin, path: { id: 'nobody' }, body: {} })))));
  }
  const { 429: refused = [], 404: answered = [] } = countsOf(statusesOf(answers));
  expect(answered.length).toBeGreaterThanOrEqual(500);
  expect(refused.length).toBeGreaterThan(0);
  expect((await listNodes({ client: api.admin })).response?.status).toBe(200);
}, 60_000);

describe('wrong credentials', () => {
  test('shown too often are not looked up any more; right ones still are', async () => {
    const guess = () => `rca_0123456789abcdef_${'a'.repeat(43)}`;
    const answers = await Promise.all(Array.from({ length: 150 }, () => listNodes({ client: api.as(guess()) })));
    const { 401: wrong = [], 429: refused = [] } = countsOf(statusesOf(answers));
    // All begin before the first has failed.
    expect(wrong.length + refused.length).toBe(150);
    const late = await listNodes({ client: api.as(guess()) });
    expect(late.error).toMatchObject({ code: 'TOO_MANY_REQUESTS', detail: expect.stringContaining('wrong credentials') });
    expect((await listNodes({ client: api.admin })).response?.status).toBe(200);
    expect((await new AgentUnderTest(api).register('rcb_no_token')).error).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  });
});

/** A clock that the test moves. */
class Time extends Clock {
  at = 0;
  now = () => this.at;
}

describe('the limits themselves', () => {
  test('a bucket fills again with time, and never above its burst', () => {
    const time = new Time();
    const buckets = new TokenBuckets({ burst: 2, perSecond: 4, remembered: 10 }, time);
    expect([buckets.take('a'), buckets.take('a'), buckets.take('a')]).toEqual([0, 0, 250]);
    expect(buckets.take('b')).toBe(0);
    time.at = 250;
    expect([buckets.wait('a'), buckets.take('a'), buckets.take('a')]).toEqual([0, 0, 250]);
    time.at = 60_000;
    expect([buckets.take('a'), buckets.take('a'), buckets.take('a')]).toEqual([0, 0, 250]);
  });

  test('buckets are bounded in number: the one that was unused for longest goes first', () => {
    const buckets = new TokenBuckets({ burst: 1, perSecond: 0.001, remembered: 2 }, new Time());
    for (const key of ['a', 'b', 'c']) buckets.take(key);
    expect([buckets.wait('b') > 0, buckets.wait('c') > 0, buckets.wait('a')]).toEqual([true, true, 0]);
  });

  test('an address that failed too often comes in again with a credential that was right before, until that is wrong', async () => {
    const failures = new FailedAuthentications(new Time(), loadConfig({ env: {} }));
    const watch = (credential: string, right: boolean, address = '10.0.0.1') =>
      failures.watch(address, credential, () => (right ? Promise.resolve('in') : Promise.reject(unauthenticated()))).catch((error: Error) => error.message);
    expect(await watch('good', true)).toBe('in');
    for (let times = 0; times < 100; times += 1) await watch('bad', false);
    expect(await watch('other', true)).toContain('too often');
    expect(await watch('other', true, '10.0.0.2')).toBe('in');
    expect(await watch('good', true)).toBe('in');
    expect(await watch('good', false)).toContain('revoked');
    expect(await watch('good', true)).toContain('too often');
  });

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('the address %s is limited as %s', (address, key) => expect(addressKey(address)).toBe(key));
});

test('those who are refused at once are told different times, none of them too soon', () => {
  const told = Array.from({ length: 200 }, () => Number(tooManyRequests('too many', 4_000).headers['retry-after']));
  expect([Math.min(...told) >= 5, Math.max(...told) <= 8, new Set(told).size]).toEqual([true, true, 4]);
});
