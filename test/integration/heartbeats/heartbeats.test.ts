import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  getCluster,
  getMetrics,
  getNode,
  getNodeHistory,
  listNodeEvents,
  listNodes,
  putInfo,
  sayGoodbye,
} from '../../../client/index.js';
import { eventually } from '../../support/eventually.js';
import { AgentUnderTest, INFO, RESOURCES } from '../../support/api/agent-under-test.js';
import { startApi, useApi } from '../../support/api/api-under-test.js';

const api = useApi();

const node = async (id: string) => (await getNode({ client: api.admin, path: { id } })).data;

describe('a heartbeat', () => {
  test('is told when to beat next, with a jitter of a tenth of the interval', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'told');
    const { data } = await agent.beat();
    expect(data).toMatchObject({ approval: 'APPROVED', availability: 'ACTIVE', commands: false });
    expect(data?.nextHeartbeatMs).toBeGreaterThanOrEqual(900);
    expect(data?.nextHeartbeatMs).toBeLessThanOrEqual(1_100);
  });

  test("comes at the interval that the node is configured with, up to the cluster's", async () => {
    const calm = await startApi({
      mongoUri: api.mongoUri,
      settings: { 'Orchestrator.Name': 'node-calm', 'Compute.Heartbeat.Interval': '15s' },
      tokens: { admin: api.adminToken, join: api.joinToken },
    });
    try {
      const agent = await new AgentUnderTest(calm).join(api.joinToken, 'paced');
      const nextAfter = async (intervalMs: number) =>
        Math.round(((await agent.beat({ intervalMs })).data?.nextHeartbeatMs ?? 0) / 1_000);
      expect([5, 6]).toContain(await nextAfter(5_500));
      expect(await nextAfter(100)).toBe(1);
      expect(await nextAfter(3_600_000)).toBeLessThanOrEqual(17);
    } finally {
      await calm.close();
    }
  });

  test("is stored within moments, with the node's free resources", async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'written');
    await agent.beat();
    await eventually(async () =>
      expect(await node('written')).toMatchObject({ resources: RESOURCES, lastHeartbeat: expect.any(String) }),
    );
  });

  test('with load average and swap shows them in the plots; without them the plots have none', async () => {
    const [newer, older] = await Promise.all([
      new AgentUnderTest(api).join(api.joinToken, 'newer'),
      new AgentUnderTest(api).join(api.joinToken, 'older'),
    ]);
    await older.beat();
    await newer.beat({ resources: { ...RESOURCES, loadAverage: 1.53, swapUsedBytes: 3 * 1_048_576 } });
    const lastPoint = async (id: string) =>
      (await getNodeHistory({ client: api.admin, path: { id } })).data?.points.at(-1);
    await eventually(async () =>
      expect(await lastPoint('newer')).toMatchObject({ loadAverage: 1.53, swapUsedBytes: 3 * 1_048_576 }),
    );
    await eventually(async () =>
      expect(await lastPoint('older')).toMatchObject({ connections: RESOURCES.connections }),
    );
    expect(await lastPoint('older')).not.toHaveProperty('loadAverage');
    expect(await lastPoint('older')).not.toHaveProperty('swapUsedBytes');
  });

  test('is refused if it is stale or replayed; a new boot starts afresh', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'replayed');
    await agent.beat({ seq: 5 });
    for (const seq of [5, 4])
      expect((await agent.beat({ seq })).error).toMatchObject({ code: 'STALE_HEARTBEAT', status: 409 });
    await eventually(async () => expect((await node('replayed'))?.lastHeartbeat).not.toBeNull());
    expect((await agent.beat({ seq: 5 })).error).toMatchObject({ code: 'STALE_HEARTBEAT' });
    agent.bootId = randomUUID();
    expect((await agent.beat({ seq: 1 })).response?.status).toBe(200);
  });
});

describe("agents' reports", () => {
  test('are stored as text', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'informer');
    const hostname = '<script>alert(1)</script>';
    expect((await putInfo({ client: agent.client, body: { ...INFO, hostname } })).response?.status).toBe(204);
    expect((await node('informer'))?.info?.hostname).toBe(hostname);
  });

  test('a goodbye is an event', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'leaver');
    await agent.beat();
    expect(
      (await sayGoodbye({ client: agent.client, body: { bootId: agent.bootId, reason: 'SIGTERM' } })).response?.status,
    ).toBe(204);
    const { data } = await listNodeEvents({ client: api.admin, path: { id: 'leaver' }, query: { limit: 1 } });
    expect(data?.items).toEqual([
      expect.objectContaining({ type: 'NodeSaidGoodbye', by: 'agent:leaver', reason: 'SIGTERM' }),
    ]);
  });
});

describe('the api itself', () => {
  test('is a Requester node, APPROVED, with its own resources', async () => {
    expect(await node('node-0')).toMatchObject({
      type: 'Requester',
      approval: { value: 'APPROVED', by: 'system' },
      resources: { cpu: { cores: expect.any(Number) }, loadAverage: expect.any(Number) },
    });
  });

  test('finds its row again after a restart', async () => {
    const before = await node('node-0');
    const again = await startApi({
      mongoUri: api.mongoUri,
      tokens: { admin: api.adminToken, join: api.joinToken },
    });
    await again.close();
    // Other tests' replicas have rows under other names.
    const { data } = await listNodes({ client: api.admin, query: { type: 'Requester', q: 'node-0' } });
    expect(data?.items.map(({ uid }) => uid)).toEqual([before?.uid]);
  });

  test('takes another name if an agent on its machine was first, and touches no node of it', async () => {
    await new AgentUnderTest(api).join(api.joinToken, 'shared-host');
    const beside = await startApi({
      mongoUri: api.mongoUri,
      settings: { 'Orchestrator.Name': 'shared-host' },
      tokens: { admin: api.adminToken, join: api.joinToken },
    });
    await eventually(async () =>
      expect(await node('shared-host-api')).toMatchObject({ type: 'Requester', lastHeartbeat: expect.any(String) }),
    );
    expect(await node('shared-host')).toMatchObject({ type: 'Compute' });
    await beside.close();
  });

  test('counts the cluster, for people and for Prometheus', async () => {
    const { data } = await getCluster({ client: api.admin });
    expect(data?.nodes.total).toBeGreaterThan(3);
    const { data: metrics } = await getMetrics({ client: api.as(), parseAs: 'text' });
    expect(String(metrics)).toMatch(/rollcall_nodes\{phase="WAITING"\} [1-9]/);
    expect(String(metrics)).toMatch(/rollcall_http_request_duration_seconds_count\{.*route="\/v1\/agent\/heartbeat"/);
  });
});
