import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { approveNode, listNodeEvents, listSessions, openSession, putInfo, sayGoodbye } from '../../../client/index.js';
import { NodeQuotas } from '../../../src/auth/node-quotas.js';
import { EventStore, type RecordedEvent } from '../../../src/record/event-store.js';
import { fitIntoSignal, MOST_TOLD_BYTES } from '../../../src/lifecycle/fit-into-signal.js';
import { SessionStore } from '../../../src/sessions/session-store.js';
import { ManualClock } from '../../support/manual-clock.js';
import { eventually } from '../../support/eventually.js';
import { AgentUnderTest, INFO, runningSession } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

/** What a node can make the control plane store. Temporal does not answer here, so an accepted report ends with 503. */

const api = useApi({ settings: { 'Orchestrator.NodeManager.ManualApproval': 'true' } });

async function approved(name: string): Promise<AgentUnderTest> {
  const agent = await new AgentUnderTest(api).join(api.joinToken, name);
  expect((await approveNode({ client: api.admin, path: { id: name } })).error).toBeUndefined();
  return agent;
}

const many = (prefix: string, count = 1_000) =>
  Array.from({ length: count }, (_, index) => runningSession(`${prefix}-${index}`));
const eventsOf = async (id: string) => (await listNodeEvents({ client: api.admin, path: { id } })).data?.items ?? [];

describe('an unapproved node', () => {
  test('can only announce itself and its information', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'stranger');
    const refused = {
      response: expect.objectContaining({ status: 403 }),
      error: expect.objectContaining({
        code: 'NODE_AWAITS_APPROVAL',
        hint: expect.stringContaining('rollcall node approve stranger'),
      }),
    };
    expect((await agent.beat()).response?.status).toBe(200);
    expect(await agent.reportOnce(many('pending'))).toMatchObject(refused);
    expect(await agent.commands('30s')).toMatchObject(refused);
    const long = {
      ...INFO,
      disks: Array.from({ length: 64 }, () => ({
        device: 'd'.repeat(256),
        mount: '/',
        filesystem: 'ext4',
        totalBytes: 1,
      })),
    };
    expect(await putInfo({ client: agent.client, body: long })).toMatchObject(refused);
    expect((await putInfo({ client: agent.client, body: INFO })).response?.status).toBe(204);
    expect((await listSessions({ client: api.admin, query: { node: 'stranger' } })).data?.items).toEqual([]);
    await approveNode({ client: api.admin, path: { id: 'stranger' } });
    expect((await agent.commands()).response?.status).toBe(200);
    expect((await putInfo({ client: agent.client, body: long })).response?.status).toBe(204);
  });
});

test('leaves ten events after endless goodbyes, and one that says so', async () => {
  const agent = await approved('leaver');
  for (let said = 0; said < 14;) {
    const { response } = await sayGoodbye({ client: agent.client, body: { bootId: agent.bootId, reason: 'bye' } });
    if (response?.status === 204) said += 1;
    else await pause(1_000 * Number(response?.headers.get('retry-after')));
  }
  await eventually(async () =>
    expect((await eventsOf('leaver')).filter(({ type }) => type === 'NodeOverQuota')).toMatchObject([
      { by: 'system', reason: expect.stringContaining('goodbye') },
    ]),
  );
  // One more after a minute.
  expect((await eventsOf('leaver')).filter(({ type }) => type === 'NodeSaidGoodbye').length).toBeLessThan(14);
}, 60_000);

test('a node has to wait with reports of ever new sessions, leaves a bounded number of records, and hides nothing that Rollcall placed', async () => {
  const agent = await approved('flood');
  await openSession({ client: api.admin, body: { principal: 'ana', sql: 'select 1' } });
  const statuses: (number | undefined)[] = [];
  for (let round = 0; round < 8; round += 1)
    statuses.push((await agent.reportOnce(many(`round${round}`))).response?.status);
  expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(0);
  expect(statuses).toContain(429);
  expect(statuses.filter((status) => status !== 503 && status !== 429)).toEqual([]);
  expect(
    (await listSessions({ client: api.admin, query: { limit: 100 } })).data?.items.every(
      ({ kind }) => kind === 'external',
    ),
  ).toBe(true);
  expect((await listSessions({ client: api.admin, query: { kind: 'managed' } })).data?.items).toMatchObject([
    { principal: 'ana' },
  ]);
  await eventually(async () => expect((await eventsOf('flood')).map(({ type }) => type)).toContain('NodeOverQuota'));
}, 60_000);

test('the latest thousand ended sessions of other engines are kept', async () => {
  const agent = await approved('churn');
  const store = api.app.get(SessionStore);
  for (let round = 0; round < 4; round += 1) {
    await store.takeReport(
      { uid: agent.uid, name: 'churn' },
      { bootId: agent.bootId, seq: round + 1, live: many(`churn${round}`), ended: [] },
      Date.now(),
    );
  }
  const of = async (live: 'true' | 'false') => {
    const ids: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { data } = await listSessions({
        client: api.admin,
        query: { node: 'churn', live, limit: 1_000, ...(cursor === undefined ? {} : { cursor }) },
      });
      ids.push(...data!.items.map(({ id }) => id));
      cursor = data!.nextCursor;
    }
    return ids;
  };
  expect(await of('true')).toHaveLength(1_000);
  const ended = await of('false');
  expect(ended).toHaveLength(1_000);
  expect(ended.every((id) => id.startsWith('churn2-'))).toBe(true);
});

test('a workflow is sent a bounded amount, even with a thousand of the longest sessions', () => {
  const longest = Array.from({ length: 1_000 }, (_, index) => ({
    ...{
      id: String(index).padStart(64, 'x'),
      principal: '\u{1F600}'.repeat(128),
      statement: '\u{1F600}'.repeat(100),
      state: 'TERMINATING' as const,
      startedAt: 1_700_000_000_000,
    },
    resources: { cpu: 12.345, memory: 2 ** 40 - 1, disk: 2 ** 45 - 1, gpu: 12 },
  }));
  const told = fitIntoSignal(longest);
  expect(told.map(({ id }) => id)).toEqual(longest.map(({ id }) => id));
  expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThanOrEqual(MOST_TOLD_BYTES);
});

describe('quotas', () => {
  function quotas() {
    const clock = new ManualClock(1_000_000);
    const events: RecordedEvent[] = [];
    const store = {
      append: (more: RecordedEvent[]) => Promise.resolve(void events.push(...more)),
    } as unknown as EventStore;
    return { clock, events, quotas: new NodeQuotas(store, clock) };
  }
  const node = {
    uid: 'uid-1',
    name: 'node-1',
    isCopied: false,
    applied: { phase: 'ACTIVE' as const, liveness: 'HEALTHY' as const, bootId: 'boot-0' },
  };

  test('let a workflow hear of ten restarts and one more each minute, and of the known boot meanwhile', () => {
    const { clock, events, quotas: of } = quotas();
    const heard = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => of.bootFor(node, `boot-${from + index}`));
    expect(heard(1, 12)).toEqual([
      ...Array.from({ length: 10 }, (_, index) => `boot-${index + 1}`),
      'boot-0',
      'boot-0',
    ]);
    // The next heartbeat of the last counted boot costs nothing.
    expect(of.bootFor(node, 'boot-10')).toBe('boot-10');
    expect(of.bootFor({ ...node, uid: 'uid-2' }, 'boot-1')).toBe('boot-1');
    clock.advance(60_000);
    expect(heard(20, 2)).toEqual(['boot-20', 'boot-0']);
    expect(events).toMatchObject([{ type: 'NodeOverQuota', node: 'node-1' }]);
    clock.advance(3_600_000);
    heard(40, 62);
    expect(events).toHaveLength(2);
  });

  test('say when to retry', () => {
    const { quotas: of } = quotas();
    expect(of.take(node, 'session records', 4_000)).toBe(true);
    expect(() => of.demand(node, 'session records', 100)).toThrow(
      expect.objectContaining({
        fault: expect.objectContaining({ code: 'TOO_MANY_REQUESTS' }),
        headers: { 'retry-after': expect.stringMatching(/^[2-5]$/) },
      }),
    );
  });
});
