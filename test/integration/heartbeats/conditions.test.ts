import { expect, jest, test } from '@jest/globals';
import { getCluster, getNode, listNodeEvents, listNodes, type ReportedCondition } from '../../../client/index.js';
import { ReportedConditions } from '../../../src/heartbeats/reported-conditions.js';
import { useApi } from '../../support/api/api-under-test.js';
import { knownAgent } from '../../support/api/known-agent.js';
import { eventually } from '../../support/eventually.js';

/** Results of nodes' checks, from a heartbeat to the record and to its readers. */

const api = useApi({ settings: { 'Compute.Heartbeat.Interval': '100ms' } });

const condition = (type: string, status: string, more: Partial<ReportedCondition> = {}): ReportedCondition => ({
  type,
  status,
  ageMs: 0,
  reason: status === 'FIT' ? 'Passed' : 'UnderLimit',
  message: `${type} is ${status}`,
  by: 'built-in',
  ...more,
});
const node = async (id: string) => (await getNode({ client: api.admin, path: { id } })).data;
const changesOf = async (id: string) =>
  ((await listNodeEvents({ client: api.admin, path: { id } })).data?.items ?? [])
    .filter(({ type }) => type === 'NodeConditionChanged')
    .map(({ by, reason }) => [by, reason]);
const listed = async (query: { condition?: string[]; attention?: 'unfit' }) =>
  ((await listNodes({ client: api.admin, query })).data?.items ?? []).map(({ id }) => id);

test('conditions of a heartbeat are stored, confirmed to the agent and shown, and each change is an event', async () => {
  const { agent } = await knownAgent(api, 'told');
  expect((await node('told'))?.conditions).toBeNull();
  const first = await agent.beat({ conditions: [condition('disk', 'FIT'), condition('gpu', 'UNKNOWN')] });
  expect(first.data?.conditionsKept).toBe(true);
  expect((await node('told'))?.conditions).toMatchObject([
    { type: 'disk', status: 'FIT', reason: 'Passed', message: 'disk is FIT', by: 'built-in' },
    { type: 'gpu', status: 'UNKNOWN' },
  ]);
  expect(await changesOf('told')).toEqual([]);
  await agent.beat({ conditions: [condition('disk', 'UNFIT', { ageMs: 60_000 }), condition('gpu', 'UNKNOWN')] });
  const seen = await node('told');
  expect(Date.parse(seen?.conditions?.[0]?.since ?? '')).toBeLessThan(Date.parse(seen?.lastHeartbeat ?? '') - 59_000);
  expect(await changesOf('told')).toEqual([
    ['agent:told', 'disk is UNFIT, was FIT (built-in). UnderLimit: disk is UNFIT'],
  ]);
});

test('an unfit node stays as healthy as before: fitness moves no axis', async () => {
  const { agent } = await knownAgent(api, 'axes');
  const { approval, availability, liveness, phase } = (await node('axes')) ?? {};
  await agent.beat({ conditions: [condition('disk', 'UNFIT')] });
  expect(await node('axes')).toMatchObject({ approval, availability, liveness, phase });
});

test('heartbeats without conditions leave them unchanged, and work with an api that does not store them', async () => {
  const { agent } = await knownAgent(api, 'quiet');
  await agent.beat({ conditions: [condition('disk', 'UNFIT')] });
  const keeps = jest.spyOn(api.app.get(ReportedConditions), 'keep');
  const { data } = await agent.beat();
  expect(data).not.toHaveProperty('conditionsKept');
  expect(keeps).not.toHaveBeenCalled();
  keeps.mockRestore();
  expect((await node('quiet'))?.conditions).toMatchObject([{ status: 'UNFIT' }]);
  await agent.beat({ conditions: [] });
  expect((await node('quiet'))?.conditions).toEqual([]);
});

test('nodes are found by their conditions, and the unfit are counted', async () => {
  const one = (await knownAgent(api, 'find-1')).agent;
  const other = (await knownAgent(api, 'find-2')).agent;
  await one.beat({ conditions: [condition('raid', 'UNFIT'), condition('fan', 'FIT')] });
  await other.beat({ conditions: [condition('raid', 'UNKNOWN'), condition('fan', 'UNFIT')] });
  expect(await listed({ condition: ['raid'] })).toEqual(['find-1']);
  expect(await listed({ condition: ['raid=UNKNOWN'] })).toEqual(['find-2']);
  expect(await listed({ condition: ['raid', 'fan'] })).toEqual(['find-1', 'find-2']);
  expect(await listed({ condition: ['fan=FIT'] })).toEqual(['find-1']);
  expect(await listed({ attention: 'unfit' })).toEqual(expect.arrayContaining(['find-1', 'find-2']));
  await eventually(async () => {
    const { data } = await getCluster({ client: api.admin });
    expect(data?.attention['unfit']).toBe((await listed({ attention: 'unfit' })).length);
  });
  const refused = await listNodes({ client: api.admin, query: { condition: 'raid=BROKEN' } });
  expect(refused.error?.code).toBe('VALIDATION_FAILED');
});

test('conditions of an earlier heartbeat of the same boot are ignored', async () => {
  const { agent } = await knownAgent(api, 'late');
  await agent.beat({ conditions: [condition('disk', 'UNFIT')] });
  const { error } = await agent.beat({ seq: 1, conditions: [condition('disk', 'FIT')] });
  expect(error?.code).toBe('STALE_HEARTBEAT');
  expect((await node('late'))?.conditions).toMatchObject([{ status: 'UNFIT' }]);
});

test('unknown fields and an unknown status of a newer agent cost no heartbeat', async () => {
  const { agent } = await knownAgent(api, 'newer');
  const newer = { ...condition('disk', 'DEGRADED'), severity: 'high' } as ReportedCondition;
  const { data } = await agent.beat({ conditions: [newer] });
  expect(data?.conditionsKept).toBe(true);
  expect((await node('newer'))?.conditions).toMatchObject([{ type: 'disk', status: 'UNKNOWN' }]);
});

test('a node whose conditions change all the time keeps beating, and is believed only for a while', async () => {
  const { agent } = await knownAgent(api, 'flapping');
  let kept: boolean | undefined = true;
  for (let turn = 0; kept === true && turn < 200; turn += 1) {
    const { data } = await agent.beat({ conditions: [condition('disk', turn % 2 === 0 ? 'UNFIT' : 'FIT')] });
    expect(data).toBeDefined();
    kept = data?.conditionsKept;
  }
  expect(kept).toBe(false);
});
