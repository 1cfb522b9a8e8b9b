import { describe, expect, test } from '@jest/globals';
import {
  activateNode,
  approveNode,
  createNode,
  deactivateNode,
  decommissionNode,
  removeNode,
  getNode,
  getReadiness,
  listNodeEvents,
  listNodes,
  listNodeSessions,
  rejectNode,
  type Node,
} from '../../../client/index.js';
import { eventually } from '../../support/eventually.js';
import { AgentUnderTest, RESOURCES, runningSession } from '../../support/api/agent-under-test.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';

const { api, temporal } = useControlPlane({
  'Orchestrator.NodeManager.DisconnectTimeout': '3s',
  'Orchestrator.NodeManager.UnknownTimeout': '2s',
});

const path = (id: string) => ({ client: api.admin, path: { id } });
const wait = { query: { wait: '15s' } };
const node = async (id: string): Promise<Node> => {
  const { data, error } = await getNode(path(id));
  if (!data) throw new Error(JSON.stringify(error));
  return data;
};
const becomes = (id: string, expected: Record<string, unknown>) =>
  eventually(async () => expect(await node(id)).toMatchObject(expected));
const eventTypes = async (id: string) => (await listNodeEvents(path(id))).data?.items.map(({ type }) => type) ?? [];

describe('the life of a node', () => {
  test('the api is ready, and its own row CONNECTED', async () => {
    expect((await getReadiness({ client: api.as() })).data).toMatchObject({ ready: true });
    await becomes('node-0', {
      type: 'Requester',
      status: 'CONNECTED',
      phase: 'ACTIVE',
      approval: { value: 'APPROVED' },
    });
  });

  test('slot, bootstrap token, PENDING, activated, first heartbeat, HEALTHY, silent, and back', async () => {
    const { data: slot } = await createNode({ client: api.admin, body: { name: 'whole-life' } });
    expect(slot?.node.phase).toBe('REGISTERED');
    const agent = await new AgentUnderTest(api).join(slot?.bootstrapToken ?? '');
    await agent.beat();
    await becomes('whole-life', { phase: 'PENDING', status: 'HEALTHY' });
    const activated = await activateNode({ ...path('whole-life'), body: { reason: 'checked' }, ...wait });
    expect(activated.response?.status).toBe(200);
    expect(activated.data).toMatchObject({
      applied: true,
      node: { approval: { value: 'APPROVED', reason: 'checked' }, decision: { seq: 3, appliedSeq: 3 } },
    });
    await agent.beat();
    await becomes('whole-life', { phase: 'ACTIVE', status: 'HEALTHY', resources: RESOURCES });
    await becomes('whole-life', { warning: true, liveness: { value: 'HEALTHY' } });
    await becomes('whole-life', { status: 'UNHEALTHY', warning: false });
    await becomes('whole-life', { status: 'UNKNOWN' });
    await agent.beat();
    await becomes('whole-life', { status: 'HEALTHY' });
    expect(await eventTypes('whole-life')).toEqual(
      expect.arrayContaining([
        'SlotCreated',
        'TokenIssued',
        'NodeJoined',
        'NodeActivated',
        'FirstHeartbeat',
        'NodeUnhealthy',
        'NodeUnknown',
        'NodeHealthy',
      ]),
    );
  });

  test('rejected with a message that reaches the node, then approved again', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'unwanted');
    await agent.beat();
    const rejected = await rejectNode({ ...path('unwanted'), body: { message: 'Unauthorized node' }, ...wait });
    expect(rejected.data).toMatchObject({
      applied: true,
      node: { phase: 'REJECTED', approval: { value: 'REJECTED', reason: 'Unauthorized node', by: 'admin' } },
    });
    // A replica that knows the node learns of it a moment later.
    await eventually(async () =>
      expect((await agent.beat()).error).toMatchObject({
        status: 403,
        detail: expect.stringContaining('Unauthorized node'),
      }),
    );
    expect((await listNodeEvents(path('unwanted'))).data?.items).toContainEqual(
      expect.objectContaining({ type: 'NodeRejected', reason: 'Unauthorized node' }),
    );
    await approveNode({ ...path('unwanted'), body: {}, ...wait });
    expect((await agent.beat()).response?.status).toBe(200);
    await becomes('unwanted', { phase: 'ACTIVE', status: 'HEALTHY' });
  });

  test('drains its sessions, comes back, is decommissioned, and its name is free again', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'busy');
    await agent.report([runningSession('s1')]);
    await becomes('busy', { phase: 'ACTIVE', activeSessions: 1 });
    expect((await listNodeSessions(path('busy'))).data).toMatchObject({
      source: 'workflow',
      items: [{ id: 's1', principal: 'ana', elapsedMs: expect.any(Number) }],
    });
    expect((await removeNode(path('busy'))).error).toMatchObject({
      code: 'NODE_HAS_SESSIONS',
      hint: expect.stringContaining('--force'),
    });
    await deactivateNode({
      ...path('busy'),
      body: { reason: 'new disk', deadline: '1s', onDeadline: 'terminate' },
      ...wait,
    });
    await becomes('busy', { phase: 'DRAINING', drain: { reason: 'new disk', remaining: ['s1'] } });
    expect((await deactivateNode({ ...path('busy'), body: {} })).error).toMatchObject({ code: 'NODE_DRAINING' });
    // After the deadline the agent learns which sessions to end; a heartbeat's answer tells it to ask, in case it is not asking.
    expect((await agent.commands('10s')).data).toMatchObject({
      open: [],
      terminate: [{ id: 's1', by: 'system', reason: expect.stringContaining('deadline') }],
    });
    await eventually(async () =>
      expect((await agent.beat()).data).toMatchObject({ availability: 'DRAINING', commands: true }),
    );
    await agent.report([]);
    await eventually(async () => expect((await agent.beat()).data).toMatchObject({ commands: false }));
    await becomes('busy', { phase: 'DRAINED', availability: { value: 'DRAINED' }, activeSessions: 0, drain: null });
    await activateNode({ ...path('busy'), body: {}, ...wait });
    await becomes('busy', { phase: 'ACTIVE' });
    await decommissionNode({ ...path('busy'), body: { reason: 'end of lease' } });
    await eventually(async () => expect((await getNode(path('busy'))).error).toMatchObject({ code: 'NODE_NOT_FOUND' }));
    await eventually(async () => expect((await agent.beat()).error).toMatchObject({ code: 'NODE_REMOVED' }));
    expect(await eventTypes('busy')).toEqual(expect.arrayContaining(['NodeDecommissioned', 'NodeRemoved']));
    expect((await createNode({ client: api.admin, body: { name: 'busy' } })).response?.status).toBe(201);
  });

  test('deleted with force it is gone at once, its workflow ends, and its credentials stay invalid', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'deleted');
    await agent.beat();
    await becomes('deleted', { phase: 'ACTIVE' });
    const { data } = await removeNode({ ...path('deleted'), query: { force: 'true', wait: '15s' } });
    expect(data).toMatchObject({ applied: true, node: { phase: 'REMOVED' } });
    const { data: list } = await listNodes({ client: api.admin, query: { q: 'deleted' } });
    expect(list?.items).toEqual([]);
    await eventually(async () => {
      const { status } = await temporal.env.client.workflow.getHandle('lifecycle-deleted').describe();
      expect(status.name).toBe('COMPLETED');
    });
    const successor = await new AgentUnderTest(api).join(api.joinToken, 'deleted');
    await successor.beat();
    await becomes('deleted', { uid: successor.uid, phase: 'ACTIVE' });
    await eventually(async () => expect((await agent.beat()).error).toMatchObject({ code: 'NODE_REMOVED' }));
  });

  test('each is one workflow that operators find by search attributes', async () => {
    await eventually(async () => {
      const found = [];
      for await (const { workflowId } of temporal.env.client.workflow.list({
        query: 'NodeType = "Requester" AND NodeLiveness = "HEALTHY" AND ExecutionStatus = "Running"',
      }))
        found.push(workflowId);
      expect(found).toEqual(['lifecycle-node-0']);
    });
  });
});
