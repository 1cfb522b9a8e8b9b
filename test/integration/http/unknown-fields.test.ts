import { afterEach, expect, jest, test } from '@jest/globals';
import { getNode } from '../../../client/index.js';
import { HeartbeatService } from '../../../src/heartbeats/heartbeat.service.js';
import { AgentUnderTest, INFO, RESOURCES, runningSession } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';
import { eventually } from '../../support/eventually.js';
import { withSurprises } from '../../support/api/with-surprises.js';

/** A newer agent and an older api: fields that one does not know are dropped (docs/adr/0031). */

const api = useApi({ settings: { 'Compute.Heartbeat.Interval': '100ms' } });
afterEach(() => {
  jest.restoreAllMocks();
});

async function say(method: string, path: string, body?: unknown, token?: string): Promise<[number, unknown]> {
  const response = await api.raw(path, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return [response.status, text === '' ? undefined : JSON.parse(text)];
}

test('unknown fields of a newer agent are accepted on every route, and not stored', async () => {
  const agent = new AgentUnderTest(api);
  const { bootId, publicKey } = agent;
  const hello = { token: api.joinToken, publicKey, name: 'newer', bootId, info: INFO };
  const [joined, registration] = await say('POST', '/v1/agent/register', withSurprises(hello));
  expect([joined, registration]).toEqual([201, expect.objectContaining({ id: 'newer' })]);
  agent.uid = (registration as { uid: string }).uid;
  const proof = { assertion: await agent.assertion() };
  const [earned, access] = await say('POST', '/v1/agent/token', withSurprises(proof));
  expect(earned).toBe(200);
  const token = (access as { accessToken: string }).accessToken;

  // Its token alone identifies it.
  const next = () => withSurprises({ id: 'another', bootId, seq: ++agent.seq, resources: RESOURCES });
  const heard = [200, expect.objectContaining({ approval: 'APPROVED' })];
  const nests = await api.app.inject({
    method: 'POST',
    url: '/v1/agent/heartbeat',
    headers: { authorization: `Bearer ${token}` },
    payload: next() as object,
  });
  expect([nests.statusCode, nests.json()]).toEqual(heard);
  const fast = jest.spyOn(api.app.get(HeartbeatService), 'receiveKnown');
  await eventually(async () => {
    expect(await say('POST', '/v1/agent/heartbeat', next(), token)).toEqual(heard);
    expect(fast).toHaveBeenCalled();
  });

  const report = { bootId, seq: 1, live: [runningSession('s1')], ended: [] };
  // There is no Temporal to signal; the report is accepted all the same.
  expect(await say('PUT', '/v1/agent/sessions', withSurprises(report), token)).toEqual([
    503,
    expect.objectContaining({ detail: expect.stringMatching(/^the sessions of node newer are recorded/) }),
  ]);
  expect(await say('GET', '/v1/agent/commands?wait=0s&surprise=1', undefined, token)).toEqual([
    200,
    { open: [], terminate: [], report: false },
  ]);
  expect(await say('PUT', '/v1/agent/info', withSurprises({ ...INFO, hostname: 'told' }), token)).toEqual([
    204,
    undefined,
  ]);
  expect(await say('POST', '/v1/agent/goodbye', withSurprises({ bootId, reason: 'SIGTERM' }), token)).toEqual([
    204,
    undefined,
  ]);

  const { data: node } = await getNode({ client: api.admin, path: { id: 'newer' } });
  expect(node?.info).toEqual({ ...INFO, hostname: 'told' });
  expect(node?.resources).toEqual(RESOURCES);
});

test('an unknown field of an administrator is refused by name', async () => {
  expect(await say('POST', '/v1/nodes', { name: 'slot', surprise: 1 }, api.adminToken)).toEqual([
    400,
    expect.objectContaining({ code: 'VALIDATION_FAILED', field: 'surprise' }),
  ]);
});
