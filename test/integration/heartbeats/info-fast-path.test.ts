import { afterEach, expect, jest, test } from '@jest/globals';
import { removeNode, getNode, putInfo, rejectNode } from '../../../client/index.js';
import { AgentReports } from '../../../src/heartbeats/agent-reports.js';
import { eventually } from '../../support/eventually.js';
import { AgentUnderTest, INFO } from '../../support/api/agent-under-test.js';
import { becomesKnown, knownAgent } from '../../support/api/known-agent.js';
import { useApi, useReplicaOf } from '../../support/api/api-under-test.js';

/** What a node reports again unchanged goes past Nest and is not written; whatever differs, or comes from who may not, goes Nest's way. */

// A short interval lets a node ask often: what is tested here is not how often it may.
const settings = { 'Compute.Heartbeat.Interval': '100ms' };
const api = useApi({ settings });
const otherReplica = useReplicaOf(api, { settings });
afterEach(() => {
  jest.restoreAllMocks();
});

const report = async (agent: AgentUnderTest, hostname: string) =>
  (await putInfo({ client: agent.client, body: { ...INFO, hostname } })).response?.status;
const hostnameOf = async (id: string) => (await getNode({ client: api.admin, path: { id } })).data?.info?.hostname;

/** Until this replica says that it knows this already, and Nest has no part in it. */
async function goesPastNest(agent: AgentUnderTest, hostname: string): Promise<void> {
  const nests = jest.spyOn(api.app.get(AgentReports), 'keepInfo');
  await eventually(async () => {
    await agent.beat();
    nests.mockClear();
    expect([await report(agent, hostname), nests.mock.calls.length]).toEqual([204, 0]);
  });
}

test('what a node has reported before goes past Nest; what is new is kept, and so is what was before it', async () => {
  const { agent } = await knownAgent(api, 'steady');
  await goesPastNest(agent, 'first');
  expect(await hostnameOf('steady')).toBe('first');
  expect(await report(agent, 'second')).toBe(204);
  expect(await hostnameOf('steady')).toBe('second');
  await goesPastNest(agent, 'second');
  expect(await report(agent, 'first')).toBe(204);
  expect(await hostnameOf('steady')).toBe('first');
});

test('what another replica has kept meanwhile is not taken for what this one knew', async () => {
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

test('who may beat no more is refused, whatever is reported; what is malformed is too', async () => {
  const { agent } = await knownAgent(api, 'refused');
  await goesPastNest(agent, 'same');
  const malformed = await putInfo({ client: agent.client, body: { ...INFO, hostname: 7 } as never });
  expect([malformed.response?.status, malformed.error?.code]).toEqual([400, 'VALIDATION_FAILED']);
  expect((await rejectNode({ client: api.admin, path: { id: 'refused' }, body: { message: 'no' } })).response?.ok).toBe(
    true,
  );
  await eventually(async () => expect(await report(agent, 'same')).toBe(403));
  expect(
    (await removeNode({ client: api.admin, path: { id: 'refused' }, query: { force: 'true' } })).response?.ok,
  ).toBe(true);
  await eventually(async () => expect(await report(agent, 'same')).toBe(410));
});
