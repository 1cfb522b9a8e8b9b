import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { getNode, putInfo, regenerateBootstrapToken, rejectNode, removeNode } from '../../../client/index.js';
import { HeartbeatBuffer } from '../../../src/heartbeats/heartbeat-buffer.js';
import { eventually } from '../../support/eventually.js';
import { PATIENCE } from '../../support/patience.mjs';
import { AgentUnderTest, INFO, RESOURCES } from '../../support/api/agent-under-test.js';
import { becomesKnown, isKnown, knownAgent } from '../../support/api/known-agent.js';
import { useApi, useReplicaOf } from '../../support/api/api-under-test.js';
import { AgentReports } from '../../../src/heartbeats/agent-reports.js';

/** The fast paths for heartbeats and information of known nodes: they accept what Nest would accept, and refuse what it would refuse. */

const PATH = '/v1/agent/heartbeat';
const SOON_MS = 1_000 * PATIENCE;

// A short interval lets a node beat often; limits are not tested here.
const settings = { 'Compute.Heartbeat.Interval': '100ms' };
const api = useApi({ settings });
const otherReplica = useReplicaOf(api, { settings });

const bodyOf = (agent: AgentUnderTest, more: object = {}) => ({
  bootId: agent.bootId,
  seq: ++agent.seq,
  resources: RESOURCES,
  ...more,
});

/** Retries when the node has beaten too often for a moment. */
async function patiently<Answer>(ask: () => Promise<Answer>, statusOf: (answer: Answer) => number): Promise<Answer> {
  return eventually(async () => {
    const answer = await ask();
    expect(statusOf(answer)).not.toBe(429);
    return answer;
  });
}

/** The part of an answer that does not depend on time and route. */
function essence(status: number, headers: Record<string, unknown>, text: string): object {
  const { instance: _instance, nextHeartbeatMs, ...body } = JSON.parse(text) as Record<string, unknown>;
  return {
    status,
    body,
    isPaced: typeof nextHeartbeatMs === 'number',
    type: headers['content-type'],
    nosniff: headers['x-content-type-options'],
    challenge: headers['www-authenticate'] ?? null,
  };
}

describe('a heartbeat of a known node', () => {
  test('is answered, recorded and refused as through Nest, whatever is wrong with it', async () => {
    const { agent, token } = await knownAgent(api, 'ordinary');
    const bearer = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const cases: Record<string, { body?: () => string; headers?: Record<string, string> }> = {
      'the next one': {},
      'with every field': {
        body: () =>
          JSON.stringify(
            bodyOf(agent, {
              intervalMs: 5_000,
              resources: {
                ...RESOURCES,
                sessions: { running: 1, cpu: { reserved: 1, used: 0.5 }, memory: { reservedBytes: 1, usedBytes: 1 } },
              },
            }),
          ),
      },
      'a charset': { headers: { ...bearer, 'content-type': 'application/json; charset=utf-8' } },
      'a replay': { body: () => JSON.stringify({ ...bodyOf(agent), seq: 1 }) },
      'an unknown key': { body: () => JSON.stringify(bodyOf(agent, { id: 'another' })) },
      'a key that stands twice': { body: () => JSON.stringify(bodyOf(agent)).replace('{', '{"seq":1,') },
      'a key that stands twice, written differently': {
        body: () => JSON.stringify(bodyOf(agent)).replace('{', '{"se\\u0071" :1,'),
      },
      'a forbidden key': { body: () => JSON.stringify(bodyOf(agent)).replace('{', '{"__proto__":{},') },
      'an array': { body: () => '[]' },
      'no JSON': { body: () => 'beat' },
      nothing: { body: () => '' },
      'a number that is text': { body: () => JSON.stringify(bodyOf(agent, { seq: '7' })) },
      'a negative count': { body: () => JSON.stringify(bodyOf(agent, { seq: -1 })) },
      deep: { body: () => `${'['.repeat(100)}${']'.repeat(100)}` },
      'too long': { body: () => JSON.stringify(bodyOf(agent, { pad: 'x'.repeat(17_000) })) },
      'another type': { headers: { ...bearer, 'content-type': 'text/plain' } },
      'no token': { headers: { 'content-type': 'application/json' } },
      'a forged token': { headers: { ...bearer, authorization: `${bearer.authorization}x` } },
      'a token without its scheme': { headers: { ...bearer, authorization: token } },
    };
    for (const [title, { body = () => JSON.stringify(bodyOf(agent)), headers = bearer }] of Object.entries(cases)) {
      await eventually(async () => {
        if (!isKnown(api, token)) await agent.beat();
        expect(isKnown(api, token)).toBe(true);
      });
      const overTheWire = await patiently(
        () => api.raw(PATH, { method: 'POST', headers, body: body() }),
        ({ status }) => status,
      );
      const nests = await patiently(
        () => api.app.inject({ method: 'POST', url: PATH, headers, payload: body() }),
        ({ statusCode }) => statusCode,
      );
      expect({
        title,
        ...essence(overTheWire.status, Object.fromEntries(overTheWire.headers), await overTheWire.text()),
      }).toEqual({ title, ...essence(nests.statusCode, nests.headers, nests.payload) });
    }
    const connections = 4_711;
    expect(
      (
        await patiently(
          () =>
            api.raw(PATH, {
              method: 'POST',
              headers: bearer,
              body: JSON.stringify(bodyOf(agent, { resources: { ...RESOURCES, connections } })),
            }),
          ({ status }) => status,
        )
      ).status,
    ).toBe(200);
    await eventually(async () =>
      expect((await getNode({ client: api.admin, path: { id: 'ordinary' } })).data?.resources?.connections).toBe(
        connections,
      ),
    );
  });

  test.each([
    ['a rejection', 403, (id: string) => rejectNode({ client: api.admin, path: { id }, body: { message: 'no' } })],
    ['a regenerated token', 401, (id: string) => regenerateBootstrapToken({ client: api.admin, path: { id } })],
    ['its removal', 410, (id: string) => removeNode({ client: api.admin, path: { id }, query: { force: 'true' } })],
  ])('is refused within a second of %s, also by the other replica', async (title, status, revoke) => {
    const id = `revoked-${status}`;
    const { agent, token } = await knownAgent(api, id);
    const there = new AgentUnderTest(otherReplica);
    Object.assign(there, { keys: agent.keys, uid: agent.uid, bootId: agent.bootId, seq: agent.seq + 1_000 });
    const otherToken = await there.authenticate();
    await becomesKnown(otherReplica, there, otherToken);
    expect((await revoke(id)).response?.ok).toBe(true);
    const revokedAt = performance.now();
    await eventually(async () => expect([title, (await there.beatOnce()).response?.status]).toEqual([title, status]));
    expect(performance.now() - revokedAt).toBeLessThan(SOON_MS);
    await eventually(async () => expect((await agent.beatOnce()).response?.status).toBe(status));
    expect([isKnown(api, token), isKnown(otherReplica, otherToken)]).toEqual([false, false]);
  });

  test("is told of an administrator's decision with one of the next", async () => {
    const { agent } = await knownAgent(api, 'told');
    await api.raw('/v1/nodes/told/deactivate', {
      method: 'POST',
      headers: { authorization: `Bearer ${api.adminToken}`, 'content-type': 'application/json' },
      body: '{"reason":"update"}',
    });
    await eventually(async () => expect((await agent.beat()).data?.availability).toBe('DRAINING'));
  });

  test('is asked to retry later, at jittered times, while it cannot be recorded', async () => {
    const { agent } = await knownAgent(api, 'patient');
    const buffer = api.app.get(HeartbeatBuffer);
    Object.defineProperty(buffer, 'isStalled', { configurable: true, get: () => true });
    const { response, error } = await agent.beatOnce();
    Reflect.deleteProperty(buffer, 'isStalled');
    expect([response?.status, error?.code, Number(response?.headers.get('retry-after'))]).toEqual([
      503,
      'UNAVAILABLE',
      expect.any(Number),
    ]);
    expect(Number(response?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await agent.beat()).response?.status).toBe(200);
  });
});

describe('repeated information', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const report = async (agent: AgentUnderTest, hostname: string) =>
    (await putInfo({ client: agent.client, body: { ...INFO, hostname } })).response?.status;
  const hostnameOf = async (id: string) => (await getNode({ client: api.admin, path: { id } })).data?.info?.hostname;

  /** Resolves when this replica knows this information already, and bypasses Nest. */
  async function goesPastNest(agent: AgentUnderTest, hostname: string): Promise<void> {
    const nests = jest.spyOn(api.app.get(AgentReports), 'keepInfo');
    await eventually(async () => {
      await agent.beat();
      nests.mockClear();
      expect([await report(agent, hostname), nests.mock.calls.length]).toEqual([204, 0]);
    });
  }

  test('bypasses Nest if it is unchanged; changed information is stored, and so is a return to the former', async () => {
    const { agent } = await knownAgent(api, 'steady');
    await goesPastNest(agent, 'first');
    expect(await hostnameOf('steady')).toBe('first');
    expect(await report(agent, 'second')).toBe(204);
    expect(await hostnameOf('steady')).toBe('second');
    await goesPastNest(agent, 'second');
    expect(await report(agent, 'first')).toBe(204);
    expect(await hostnameOf('steady')).toBe('first');
  });

  test('is not mistaken for unchanged if another replica has stored something else meanwhile', async () => {
    const { agent } = await knownAgent(api, 'moved');
    await goesPastNest(agent, 'here');
    const there = new AgentUnderTest(otherReplica);
    Object.assign(there, { keys: agent.keys, uid: agent.uid, bootId: agent.bootId, seq: agent.seq + 1_000 });
    await becomesKnown(otherReplica, there, await there.authenticate());
    expect(await report(there, 'there')).toBe(204);
    await eventually(async () => {
      expect(await report(agent, 'here')).toBe(204);
      expect(await hostnameOf('moved')).toBe('here');
    });
  });

  test('is refused if the node may no longer beat, or if it is malformed', async () => {
    const { agent } = await knownAgent(api, 'refused');
    await goesPastNest(agent, 'same');
    const malformed = await putInfo({ client: agent.client, body: { ...INFO, hostname: 7 } as never });
    expect([malformed.response?.status, malformed.error?.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(
      (await rejectNode({ client: api.admin, path: { id: 'refused' }, body: { message: 'no' } })).response?.ok,
    ).toBe(true);
    await eventually(async () => expect(await report(agent, 'same')).toBe(403));
    expect(
      (await removeNode({ client: api.admin, path: { id: 'refused' }, query: { force: 'true' } })).response?.ok,
    ).toBe(true);
    await eventually(async () => expect(await report(agent, 'same')).toBe(410));
  });
});
