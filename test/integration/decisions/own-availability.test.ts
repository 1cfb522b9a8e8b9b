import { describe, expect, test } from '@jest/globals';
import {
  activateNode,
  approveNode,
  deactivateNode,
  decideAvailability,
  decommissionNode,
  getNode,
  getOwnAvailability,
  listNodeEvents,
  type OwnAvailabilityRequest,
} from '../../../client/index.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

/** A node's decisions about itself, over HTTP. */

const api = useApi({ settings: { 'Orchestrator.NodeManager.ManualApproval': 'true' } });
const path = (id: string) => ({ client: api.admin, path: { id } });

async function approved(name: string): Promise<AgentUnderTest> {
  const agent = await new AgentUnderTest(api).join(api.joinToken, name);
  await approveNode({ ...path(name), body: {} });
  return agent;
}

const decide = ({ client }: AgentUnderTest, body: OwnAvailabilityRequest) => decideAvailability({ client, body });
const events = async (id: string) => (await listNodeEvents(path(id))).data?.items ?? [];

describe('a node', () => {
  test('takes itself out and comes back, and events name the node and the reason', async () => {
    const agent = await approved('itself');
    const out = await decide(agent, {
      value: 'DRAINED',
      reason: 'new kernel',
      deadlineMs: 60_000,
      onDeadline: 'terminate',
    });
    expect(out.data).toMatchObject({ availability: 'DRAINING', own: true, by: 'agent:itself', reason: 'new kernel' });
    expect((await getNode(path('itself'))).data).toMatchObject({
      phase: 'DRAINING',
      availability: { by: 'agent:itself', reason: 'new kernel' },
      drain: { onDeadline: 'terminate', deadline: out.data?.deadline },
    });
    const back = await decide(agent, { value: 'ACTIVE', reason: 'it runs' });
    expect(back.data).toMatchObject({ availability: 'ACTIVE', own: false, deadline: null });
    expect((await events('itself')).slice(0, 2)).toMatchObject([
      { type: 'NodeActivated', by: 'agent:itself', reason: 'it runs', from: '127.0.0.1' },
      { type: 'NodeDeactivated', by: 'agent:itself', reason: 'new kernel' },
    ]);
  });

  test('changes nothing by asking for its present state', async () => {
    const agent = await approved('twice');
    await decide(agent, { value: 'DRAINED', reason: 'first' });
    const { decision } = (await getNode(path('twice'))).data ?? {};
    expect((await decide(agent, { value: 'DRAINED', reason: 'second' })).data).toMatchObject({
      own: true,
      reason: 'first',
    });
    expect((await getNode(path('twice'))).data?.decision.seq).toBe(decision?.seq);
    await decide(agent, { value: 'ACTIVE' });
    expect((await decide(agent, { value: 'ACTIVE' })).response?.status).toBe(200);
  });

  test('can bring the deadline of its own drain forward, but not postpone it', async () => {
    const agent = await approved('hastened');
    await decide(agent, { value: 'DRAINED', reason: 'a rebalance' });
    const nearer = await decide(agent, {
      value: 'DRAINED',
      reason: 'an end',
      deadlineMs: 3_600_000,
      onDeadline: 'terminate',
    });
    expect(nearer.data).toMatchObject({ own: true, reason: 'an end', deadline: expect.any(String) });
    const later = await decide(agent, { value: 'DRAINED', reason: 'later', deadlineMs: 90_000_000 });
    expect(later.data).toMatchObject({ reason: 'an end', deadline: nearer.data?.deadline });
    await deactivateNode({ ...path('hastened'), body: { reason: 'taken over' } });
    const mine = await decide(agent, { value: 'DRAINED', deadlineMs: 1_000 });
    expect(mine.data).toMatchObject({ own: false, reason: 'taken over', deadline: null });
  });

  test("cannot undo a person's decision", async () => {
    const agent = await approved('held');
    await deactivateNode({ ...path('held'), body: { reason: 'audit' } });
    expect((await decide(agent, { value: 'DRAINED' })).data).toMatchObject({
      own: false,
      by: 'admin',
      reason: 'audit',
    });
    const { response, error } = await decide(agent, { value: 'ACTIVE' });
    expect(response?.status).toBe(409);
    expect(error).toMatchObject({ code: 'NODE_TAKEN_OUT_BY_OTHERS' });
    expect((await getNode(path('held'))).data?.phase).toBe('DRAINING');
  });

  test('stays out after a person took its drain over', async () => {
    const agent = await approved('taken');
    await decide(agent, { value: 'DRAINED', reason: 'reboot' });
    await deactivateNode({ ...path('taken'), body: { reason: 'keep it out' } });
    expect((await getOwnAvailability({ client: agent.client })).data).toMatchObject({
      own: false,
      reason: 'keep it out',
    });
    expect((await decide(agent, { value: 'ACTIVE' })).response?.status).toBe(409);
  });

  test('cannot save itself when it is to be removed after its drain', async () => {
    const agent = await approved('leaving');
    await decide(agent, { value: 'DRAINED' });
    await decommissionNode({ ...path('leaving'), body: {} });
    expect((await decide(agent, { value: 'ACTIVE' })).response?.status).toBe(409);
  });

  test('can be brought back by a person', async () => {
    const agent = await approved('wanted');
    await decide(agent, { value: 'DRAINED' });
    await activateNode({ ...path('wanted'), body: {} });
    expect((await getOwnAvailability({ client: agent.client })).data).toMatchObject({
      availability: 'ACTIVE',
      own: false,
    });
  });

  test('cannot decide anything before it is approved', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'early');
    expect((await decide(agent, { value: 'DRAINED' })).error).toMatchObject({ code: 'NODE_AWAITS_APPROVAL' });
  });

  test('has to wait if it changes its mind too often', async () => {
    const agent = await approved('fickle');
    const change = async (times: number): Promise<number | undefined> =>
      (await decide(agent, { value: times % 2 === 0 ? 'DRAINED' : 'ACTIVE' })).response?.status;
    let [times, status] = [-1, 200 as number | undefined];
    while (status === 200) status = await change((times += 1));
    expect(status).toBe(429);
    const decided = (await events('fickle')).filter(
      ({ type }) => type === 'NodeActivated' || type === 'NodeDeactivated',
    );
    expect(decided).toHaveLength(times);
  });
});
