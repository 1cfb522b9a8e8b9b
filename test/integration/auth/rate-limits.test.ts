import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  approveNode,
  createApiToken,
  getNode,
  listNodes,
  putInfo,
  regenerateBootstrapToken,
} from '../../../client/index.js';
import { loadConfig } from '../../../contract/config/load-config.js';
import { Clock } from '../../../src/mechanics/clock.js';
import { addressKey } from '../../../src/http/address-key.js';
import { FailedAuthentications } from '../../../src/auth/failed-authentications.js';
import { TokenBuckets } from '../../../src/mechanics/token-buckets.js';
import { unauthenticated } from '../../../src/auth/unauthenticated.js';
import { eventually } from '../../support/eventually.js';
import { tooManyRequests } from '../../../src/auth/too-many-requests.js';
import { AgentUnderTest, INFO } from '../../support/api/agent-under-test.js';
import { freshDatabase, startApi } from '../../support/api/api-under-test.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';

const { api, temporal } = useControlPlane();

/** The api's clock stands still until the end of the test, so that a slow machine earns no allowance meanwhile. */
function stopClock(): void {
  const clock = api.app.get(Clock);
  jest.spyOn(clock, 'now').mockReturnValue(clock.now());
}
const startClock = () => void jest.restoreAllMocks();
afterEach(startClock);

function atOnce<Answer>(times: number, ask: () => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: times }, ask));
}

const historyLength = async (id: string) =>
  (await temporal.env.client.workflow.getHandle(`lifecycle-${id}`).describe()).historyLength;
const statusesOf = (answers: { response?: Response | undefined }[]) => answers.map(({ response }) => response?.status);
const countsOf = (statuses: unknown[]) =>
  Object.fromEntries(
    [...new Set(statuses)].map((status) => [String(status), statuses.filter((other) => other === status)]),
  );

async function activeNode(name: string): Promise<AgentUnderTest> {
  const agent = await new AgentUnderTest(api).join(api.joinToken, name);
  await agent.beat();
  await eventually(async () =>
    expect((await getNode({ client: api.admin, path: { id: name } })).data).toMatchObject({
      phase: 'ACTIVE',
      status: 'HEALTHY',
    }),
  );
  return agent;
}

describe('a node that floods the api with heartbeats', () => {
  test('is told when to retry; others are not affected, and its history does not grow', async () => {
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
    // They arrive in another order than they were sent, so some are stale.
    expect(heard.length).toBeLessThan(25 + earned);
    const busy = answers.find(({ response }) => response?.status === 429);
    expect(Number(busy?.response?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(busy?.error).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      hint: expect.stringMatching(/^Try again in [1-3] s$/),
    });
    // Each forwarded heartbeat costs the workflow about four events.
    expect((await historyLength('flooder')) - before).toBeLessThan(30 + 4 * earned);
    expect((await flooder.beat()).response?.status).toBe(200);
  }, 60_000);

  test('is limited in all requests, by its own credential only', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'reporter');
    const report = () => putInfo({ client: agent.client, body: INFO });
    stopClock();
    expect(countsOf(statusesOf(await atOnce(40, report)))['429']?.length).toBeGreaterThan(20);
    startClock();
    const { data } = await regenerateBootstrapToken({ client: api.admin, path: { id: 'reporter' } });
    // The holder of the earlier credential goes on flooding, which does not affect the new one.
    await Promise.all(Array.from({ length: 40 }, () => putInfo({ client: agent.client, body: INFO })));
    const again = await new AgentUnderTest(api).join(data?.bootstrapToken ?? '');
    expect((await again.beatOnce()).response?.status).toBe(200);
  });
});

test('an agent is told to wait when it requests access tokens again and again', async () => {
  const agent = await new AgentUnderTest(api).join(api.joinToken, 'restless');
  stopClock();
  const answers = await atOnce(30, async () => agent.trade(await agent.assertion()));
  expect(new Set(statusesOf(answers))).toEqual(new Set([200, 429]));
});

test('a runaway script of an administrator is slowed down', async () => {
  stopClock();
  const answers = await atOnce(600, () => approveNode({ client: api.admin, path: { id: 'nobody' }, body: {} }));
  const { 429: refused = [], 404: answered = [] } = countsOf(statusesOf(answers));
  expect([answered.length, refused.length]).toEqual([500, 100]);
  expect((await listNodes({ client: api.admin })).response?.status).toBe(200);
}, 60_000);

describe('wrong credentials', () => {
  test('have to wait after too many; right ones do not', async () => {
    stopClock();
    const guess = () => `rca_0123456789abcdef_${'a'.repeat(43)}`;
    const answers = await atOnce(150, () => listNodes({ client: api.as(guess()) }));
    const { 401: wrong = [], 429: refused = [] } = countsOf(statusesOf(answers));
    // All begin before the first has failed.
    expect(wrong.length + refused.length).toBe(150);
    const late = await listNodes({ client: api.as(guess()) });
    expect(late.error).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      detail: expect.stringContaining('wrong credentials'),
    });
    expect((await listNodes({ client: api.admin })).response?.status).toBe(200);
    expect((await new AgentUnderTest(api).register('rcb_no_token')).error).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  });
});

describe('a machine behind a shared address', () => {
  const guess = () => listNodes({ client: api.as(`rca_0123456789abcdef_${'a'.repeat(43)}`) });

  test('does not lock out the others: nodes exchange assertions, heartbeats arrive, a new api token is accepted', async () => {
    const nodes = await Promise.all(
      Array.from({ length: 12 }, (_, index) => new AgentUnderTest(api).join(api.joinToken, `shared-${index}`)),
    );
    const { data: token } = await createApiToken({ client: api.admin, body: { name: 'fresh', role: 'viewer' } });
    stopClock();
    // More than the address's allowance of failures.
    await eventually(async () => expect((await guess()).response?.status).toBe(429));
    const trades = await Promise.all(
      nodes.map(async (node) => (await node.trade(await node.assertion())).response?.status),
    );
    const beats = await Promise.all(nodes.map(async (node) => (await node.beatOnce()).response?.status));
    expect([countsOf(trades), countsOf(beats)]).toEqual([{ 200: trades }, { 200: beats }]);
    expect((await listNodes({ client: api.as(token?.token ?? '') })).response?.status).toBe(200);
    expect((await guess()).response?.status).toBe(429);
  });

  test('with a revoked credential pays for its retries itself, not the address', async () => {
    const other = await startApi({ mongoUri: freshDatabase(api.mongoUri) });
    try {
      const revoked = await new AgentUnderTest(other).join(other.joinToken, 'revoked');
      await regenerateBootstrapToken({ client: other.admin, path: { id: 'revoked' } });
      const statuses = [];
      for (let tries = 0; tries < 150; tries += 1) {
        statuses.push((await revoked.beatOnce()).response?.status);
        statuses.push((await revoked.trade(await revoked.assertion())).response?.status);
      }
      expect(new Set(statuses)).toEqual(new Set([401, 429]));
      // The address still has its whole allowance: a wrong credential is answered as wrong.
      expect((await listNodes({ client: other.as(`rca_0123456789abcdef_${'a'.repeat(43)}`) })).response?.status).toBe(
        401,
      );
    } finally {
      await other.close();
    }
  }, 60_000);

  test("cannot use up the others' exchanges with unsigned assertions", async () => {
    const other = await startApi({
      mongoUri: freshDatabase(api.mongoUri),
      settings: { 'Orchestrator.API.MaxJoinsPerSecond': '1' },
    });
    try {
      const good = await new AgentUnderTest(other).join(other.joinToken, 'good');
      const forged = await Promise.all(
        Array.from(
          { length: 60 },
          async () =>
            (await new AgentUnderTest(other).trade(await new AgentUnderTest(other).assertion({ sub: good.uid })))
              .response?.status,
        ),
      );
      expect(new Set(forged)).toEqual(new Set([401]));
      expect((await good.trade(await good.assertion())).response?.status).toBe(200);
    } finally {
      await other.close();
    }
  }, 60_000);
});

/** A clock that the test advances. */
class Time extends Clock {
  at = 0;
  now = () => this.at;
}

describe('the limits themselves', () => {
  test('a bucket refills over time, up to its burst', () => {
    const time = new Time();
    const buckets = new TokenBuckets({ burst: 2, perSecond: 4, remembered: 10 }, time);
    expect([buckets.take('a'), buckets.take('a'), buckets.take('a')]).toEqual([0, 0, 250]);
    expect(buckets.take('b')).toBe(0);
    time.at = 250;
    expect([buckets.wait('a'), buckets.take('a'), buckets.take('a')]).toEqual([0, 0, 250]);
    time.at = 60_000;
    expect([buckets.take('a'), buckets.take('a'), buckets.take('a')]).toEqual([0, 0, 250]);
  });

  test('the number of buckets is bounded: the least recently used goes first', () => {
    const buckets = new TokenBuckets({ burst: 1, perSecond: 0.001, remembered: 2 }, new Time());
    for (const key of ['a', 'b', 'c']) buckets.take(key);
    expect([buckets.wait('b') > 0, buckets.wait('c') > 0, buckets.wait('a')]).toEqual([true, true, 0]);
  });

  test('an address with too many failures has to wait with wrong credentials, but is let in with right ones', async () => {
    const failures = new FailedAuthentications(new Time(), loadConfig({ env: {} }));
    const watch = (credential: string, right: boolean, address = '10.0.0.1') =>
      failures
        .watch(address, credential, () => (right ? Promise.resolve('in') : Promise.reject(unauthenticated())))
        .catch((error: Error) => error.message);
    expect(await watch('good', true)).toBe('in');
    for (let times = 0; times < 100; times += 1) await watch('bad', false);
    expect(await watch('bad', false)).toContain('too often');
    expect(await watch('bad', false, '10.0.0.2')).toContain('revoked');
    expect(await watch('other', true)).toBe('in');
    expect(await watch('good', true)).toBe('in');
    // Excessive guesses use up the allowance of unknown addresses; known ones have their own.
    for (let times = 0; times < 100; times += 1) await watch('bad', false);
    expect(await watch('unseen', true)).toContain('too often');
    expect(await watch('good', true)).toBe('in');
  });

  test('a valid signature is let in whatever its neighbours send, and its address is not charged when it has ended', async () => {
    const failures = new FailedAuthentications(new Time(), loadConfig({ env: {} }));
    const isProven = () => Promise.resolve(true);
    const ended = () =>
      failures
        .watch('10.0.0.1', 'signed', () => Promise.reject(unauthenticated()), { isProven })
        .catch((error: Error) => error.message);
    for (let times = 0; times < 500; times += 1) expect(await ended()).toContain('revoked');
    const guess = () =>
      failures.watch('10.0.0.1', 'bad', () => Promise.reject(unauthenticated())).catch((error: Error) => error.message);
    expect(await guess()).toContain('revoked');
    for (let times = 0; times < 500; times += 1) await guess();
    expect(await failures.watch('10.0.0.1', 'signed too', () => Promise.resolve('in'), { isProven })).toBe('in');
  });

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    [undefined, 'gone'],
  ])('the address %s is limited as %s', (address, key) => expect(addressKey(address)).toBe(key));
});

test('callers refused at once get different waits, none of them too short', () => {
  const told = Array.from({ length: 200 }, () => Number(tooManyRequests('too many', 4_000).headers['retry-after']));
  expect([Math.min(...told) >= 5, Math.max(...told) <= 8, new Set(told).size]).toEqual([true, true, 4]);
});
