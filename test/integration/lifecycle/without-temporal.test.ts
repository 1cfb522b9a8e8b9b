import { describe, expect, test } from '@jest/globals';
import {
  approveNode,
  createNode,
  removeNode,
  getNode,
  getReadiness,
  listNodes,
  listNodeSessions,
  listSessions,
  openSession,
  rejectNode,
  terminateSession,
} from '../../../client/index.js';
import { MongoNodeProjectionStore } from '../../../src/mongo/mongo-node-projection-store.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { view } from '../../support/mongo/node-fixtures.js';
import { eventually } from '../../support/eventually.js';
import { AgentUnderTest, runningSession } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

const api = useApi();

describe('while Temporal does not answer', () => {
  test('a decision is committed and in force, and answered as not applied yet', async () => {
    const { data: slot } = await createNode({ client: api.admin, body: { name: 'alpha' } });
    const agent = await new AgentUnderTest(api).join(slot?.bootstrapToken ?? '');
    const { data, response } = await approveNode({
      client: api.admin,
      path: { id: 'alpha' },
      body: { reason: 'known machine' },
      query: { wait: '100ms' },
    });
    expect(response?.status).toBe(202);
    expect(data).toMatchObject({
      applied: false,
      node: { phase: 'WAITING', approval: { value: 'APPROVED', by: 'admin', reason: 'known machine' } },
    });
    expect((await agent.beat()).data).toMatchObject({ approval: 'APPROVED', availability: 'ACTIVE' });
  });

  test('a rejected node learns it at once', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'beta');
    await rejectNode({ client: api.admin, path: { id: 'beta' }, body: { message: 'Unauthorized node' } });
    const { error, response } = await agent.beat();
    expect(response?.status).toBe(403);
    expect(error).toMatchObject({
      code: 'NODE_REJECTED_BY_ADMINISTRATOR',
      detail: expect.stringContaining('Unauthorized node'),
    });
    await expect(agent.authenticate()).resolves.toEqual(expect.any(String));
  });

  test('a deleted node is gone at once for people, and learns it', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'gamma');
    expect((await removeNode({ client: api.admin, path: { id: 'gamma' } })).data).toMatchObject({
      node: { phase: 'REMOVED' },
      applied: false,
    });
    expect((await getNode({ client: api.admin, path: { id: 'gamma' } })).error).toMatchObject({
      code: 'NODE_NOT_FOUND',
    });
    await eventually(async () =>
      expect((await agent.beat()).error).toMatchObject({ code: 'NODE_REMOVED', status: 410 }),
    );
    expect((await agent.trade(await agent.assertion())).error).toMatchObject({ code: 'NODE_REMOVED' });
  });

  test('sessions are not placed, and the refusal says so; reported ones are recorded, and requested again', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'epsilon');
    await agent.beat();
    await eventually(async () =>
      expect((await getNode({ client: api.admin, path: { id: 'epsilon' } })).data?.lastHeartbeat).not.toBeNull(),
    );
    // As its workflow last wrote it, before Temporal became unavailable.
    const node = (await api.app.get(NodeStore).findLiving('epsilon')) as NodeRecord;
    await api.app.get(MongoNodeProjectionStore).project({ view: view(node, 1), sessionChanges: [], events: [] });
    await eventually(async () => {
      const { error, response } = await openSession({ client: api.admin, body: { principal: 'ana', sql: 'select 1' } });
      expect(error).toMatchObject({ code: 'UNAVAILABLE', detail: expect.stringContaining('no node could be asked') });
      expect([response?.status, response?.headers.get('retry-after')]).toEqual([503, '1']);
    });
    expect(
      (await listSessions({ client: api.admin, query: { live: 'false', limit: 1 } })).data?.items[0],
    ).toMatchObject({ state: 'FAILED', node: null });
    const { error, response } = await agent.reportOnce([runningSession('s-1')]);
    expect([response?.status, response?.headers.get('retry-after')]).toEqual([503, '1']);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', detail: expect.stringContaining('recorded') });
    expect((await listNodeSessions({ client: api.admin, path: { id: 'epsilon' } })).data).toMatchObject({
      source: 'record',
      items: [{ id: 's-1', state: 'RUNNING' }],
      reportedAt: expect.any(String),
    });
    const terminated = await terminateSession({
      client: api.admin,
      path: { id: 's-1' },
      query: { reason: 'too long' },
    });
    expect(terminated.data).toMatchObject({ state: 'TERMINATING' });
    expect((await agent.commands()).data).toMatchObject({
      terminate: [{ id: 's-1', by: 'admin', reason: 'too long' }],
    });
  });

  test('the list, the session cache and the probes still answer, and say what is missing', async () => {
    const { data: page } = await listNodes({ client: api.admin });
    expect(page?.items.map(({ id }) => id)).toContain('node-0');
    await new AgentUnderTest(api).join(api.joinToken, 'delta');
    expect((await listNodeSessions({ client: api.admin, path: { id: 'delta' } })).data).toEqual({
      items: [],
      source: 'record',
      reportedAt: null,
    });
    const { response, data } = await getReadiness({ client: api.admin });
    // If replicas were not ready, a balancer would take all of them away, and the whole fleet would be silent.
    expect(response?.status).toBe(200);
    expect(data).toEqual({
      ready: true,
      heartbeats: { ok: true, detail: 'are recorded' },
      mongodb: { ok: true, detail: 'answers' },
      massSilence: null,
      temporal: { ok: false, detail: 'Temporal does not answer', since: expect.any(String) },
      workers: { ok: false, detail: 'is not known while Temporal does not answer' },
    });
    const metrics = await (await api.raw('/metrics')).text();
    expect(metrics).toContain('rollcall_server_up{server="temporal"} 0');
    expect(metrics).toContain('rollcall_server_up{server="mongodb"} 1');
  });
});
