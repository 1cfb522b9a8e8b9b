import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  approveNode,
  createNode,
  deactivateNode,
  editNode,
  getNode,
  listNodeEvents,
  listNodes,
  rejectNode,
} from '../../../client/index.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

const api = useApi({ settings: { 'Orchestrator.NodeManager.ManualApproval': 'true' } });

describe('decisions', () => {
  test('in a race are each committed or refused by the table, and the record has every acknowledged one', async () => {
    await new AgentUnderTest(api).join(api.joinToken, 'racer');
    const deciders = Array.from({ length: 6 }, (_, at) =>
      at % 2 === 0
        ? approveNode({ client: api.admin, path: { id: 'racer' }, body: { reason: `a${at}` } })
        : rejectNode({ client: api.admin, path: { id: 'racer' }, body: { message: `r${at}` } }),
    );
    const answers = await Promise.all(deciders);
    const acknowledged = answers.filter(({ response }) => response?.status === 202).length;
    for (const { error } of answers)
      if (error) expect(['NODE_ALREADY_APPROVED', 'NODE_REJECTED']).toContain((error as { code: string }).code);
    const { data: node } = await getNode({ client: api.admin, path: { id: 'racer' } });
    expect(node?.decision.seq).toBe(1 + acknowledged);
    const { data: events } = await listNodeEvents({ client: api.admin, path: { id: 'racer' } });
    expect(events?.items.filter(({ type }) => type === 'NodeApproved' || type === 'NodeRejected')).toHaveLength(
      acknowledged,
    );
  });

  test('without a body need no reason, and are recorded with who and from where', async () => {
    await new AgentUnderTest(api).join(api.joinToken, 'bodyless');
    const response = await api.raw('/v1/nodes/bodyless/approve', {
      method: 'POST',
      headers: { authorization: `Bearer ${api.adminToken}` },
    });
    expect(response.status).toBe(202);
    const { data } = await listNodeEvents({ client: api.admin, path: { id: 'bodyless' }, query: { limit: 1 } });
    expect(data?.items).toEqual([
      expect.objectContaining({ type: 'NodeApproved', by: 'admin', from: '127.0.0.1', reason: '', node: 'bodyless' }),
    ]);
  });

  test('a drain is shown as decided, with its deadline, before the workflow has begun it', async () => {
    await new AgentUnderTest(api).join(api.joinToken, 'drainer');
    await approveNode({ client: api.admin, path: { id: 'drainer' }, body: {} });
    const { data } = await deactivateNode({
      client: api.admin,
      path: { id: 'drainer' },
      body: { reason: 'new disk', deadline: '15m', onDeadline: 'terminate' },
    });
    expect(data?.node).toMatchObject({
      phase: 'DRAINING',
      availability: { value: 'DRAINING', reason: 'new disk', by: 'admin' },
    });
    expect(data?.node.drain).toMatchObject({
      reason: 'new disk',
      onDeadline: 'terminate',
      terminating: false,
      thenRemove: false,
      remaining: null,
    });
    expect(Date.parse(data?.node.drain?.deadline ?? '') - Date.now()).toBeGreaterThan(14 * 60_000);
  });
});

describe('an Idempotency-Key', () => {
  const headers = () => ({ 'idempotency-key': randomUUID() });

  test('makes a repeated request happen once, with the same answer, including its token', async () => {
    const same = { client: api.admin, body: { name: 'once' }, headers: headers() };
    const first = await createNode(same);
    const second = await createNode(same);
    expect([first.response?.status, second.response?.status]).toEqual([201, 201]);
    expect(second.data).toEqual(first.data);
    expect(second.response?.headers.get('idempotency-replayed')).toBe('true');
  });

  test('belongs to one request of one administrator', async () => {
    const key = headers();
    await createNode({ client: api.admin, body: { name: 'first-of-key' }, headers: key });
    expect(
      (await createNode({ client: api.admin, body: { name: 'second-of-key' }, headers: key })).error,
    ).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test('is free again after a refusal', async () => {
    const key = headers();
    expect(
      (await approveNode({ client: api.admin, path: { id: 'not-yet' }, headers: key, body: {} })).response?.status,
    ).toBe(404);
    await new AgentUnderTest(api).join(api.joinToken, 'not-yet');
    expect(
      (await approveNode({ client: api.admin, path: { id: 'not-yet' }, headers: key, body: {} })).response?.status,
    ).toBe(202);
  });
});

describe('the list of nodes', () => {
  test('is filtered, sorted and paged', async () => {
    for (const [name, pool] of [
      ['list-1', 'x'],
      ['list-2', 'y'],
      ['list-3', 'x'],
    ] as const) {
      await createNode({ client: api.admin, body: { name, labels: { pool } } });
    }
    await editNode({
      client: api.admin,
      path: { id: 'list-2' },
      body: { description: 'the second', labels: { pool: 'x', rack: '7' } },
    });
    const ids = async (
      query: Parameters<typeof listNodes>[0] extends infer Options
        ? NonNullable<Options> extends { query?: infer Query }
          ? Query
          : never
        : never,
    ) => (await listNodes({ client: api.admin, query: { q: 'list-', ...query } })).data?.items.map(({ id }) => id);
    expect(await ids({})).toEqual(['list-1', 'list-2', 'list-3']);
    expect(await ids({ sort: '-id' })).toEqual(['list-3', 'list-2', 'list-1']);
    expect(await ids({ label: ['pool=x', 'rack'] })).toEqual(['list-2']);
    expect(await ids({ phase: ['PENDING', 'ACTIVE'] })).toEqual([]);
    const { data: page } = await listNodes({ client: api.admin, query: { q: 'list-', limit: 2 } });
    const { data: rest } = await listNodes({
      client: api.admin,
      query: { q: 'list-', limit: 2, cursor: page?.nextCursor ?? '' },
    });
    expect([...(page?.items ?? []), ...(rest?.items ?? [])].map(({ id }) => id)).toEqual([
      'list-1',
      'list-2',
      'list-3',
    ]);
    expect(rest?.nextCursor).toBeNull();
    const { data: edited } = await getNode({ client: api.admin, path: { id: 'list-2' } });
    expect(edited).toMatchObject({ description: 'the second', labels: { pool: 'x', rack: '7' } });
  });
});
