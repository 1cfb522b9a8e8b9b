import { randomUUID } from 'node:crypto';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { describe, expect, test } from '@jest/globals';
import {
  activateNode,
  cancelDrain,
  createDrain,
  removeNode,
  editNode,
  getDrain,
  getNode,
  listDrains,
  listNodeEvents,
  pauseDrain,
  rejectNode,
  resumeDrain,
  type CreateDrainRequest,
  type DrainSet,
} from '../../../client/index.js';
import { drainSetWorkflowId } from '../../../contract/drain-set.js';
import { eventually } from '../../support/eventually.js';
import { AgentUnderTest, runningSession } from '../../support/api/agent-under-test.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { useReplicaOf } from '../../support/api/api-under-test.js';

// Agents only report here, so silence does not matter.
const settings = {
  'Orchestrator.NodeManager.DisconnectTimeout': '1h',
  'Orchestrator.Temporal.WebUI': 'http://temporal.test',
};
const { api, temporal, worker } = useControlPlane(settings);
/** A replica that Temporal does not answer. */
const cutOff = useReplicaOf(api, { settings });

/** Nodes of a pool, each with one session. */
async function pool(name: string, count: number): Promise<AgentUnderTest[]> {
  const agents = [];
  for (let index = 1; index <= count; index += 1) {
    const id = `${name}-${index}`;
    const agent = await new AgentUnderTest(api).join(api.joinToken, id);
    await editNode({ client: api.admin, path: { id }, body: { labels: { pool: name } } });
    await agent.report([runningSession(`of-${id}`)]);
    await eventually(async () => expect(await node(id)).toMatchObject({ phase: 'ACTIVE', activeSessions: 1 }));
    agents.push(agent);
  }
  return agents;
}

async function node(id: string) {
  return (await getNode({ client: api.admin, path: { id } })).data;
}

async function begin(body: CreateDrainRequest, on = api): Promise<DrainSet> {
  const { data, error } = await createDrain({ client: on.admin, body });
  if (!data) throw new Error(JSON.stringify(error));
  return data;
}

async function drain(id: string): Promise<DrainSet> {
  const { data, error } = await getDrain({ client: api.admin, path: { id } });
  if (!data) throw new Error(JSON.stringify(error));
  return data;
}

/** Resolves when the set and its nodes are in these states. */
const becomes = (id: string, state: string, nodes: string[]) =>
  eventually(async () => {
    const set = await drain(id);
    expect([set.state, ...(set.nodes ?? []).map((member) => member.state)]).toEqual([state, ...nodes]);
    return set;
  });

describe('draining a set of nodes', () => {
  test("drains one after the other, and is paused, survives a worker's end, is resumed and cancelled", async () => {
    const [first, second] = await pool('a', 3);
    const made = await begin({ labels: ['pool=a'], reason: 'new kernel', deadline: '1h', onDeadline: 'terminate' });
    expect(made).toMatchObject({
      state: 'RUNNING',
      by: 'admin',
      labels: ['pool=a'],
      maxUnavailable: 1,
      deadline: '1h',
      endedAt: null,
    });
    const { id } = made;
    await becomes(id, 'RUNNING', ['DRAINING', 'QUEUED', 'QUEUED']);
    // The workflow reports the remaining sessions a moment after the decision.
    await eventually(async () =>
      expect(await node('a-1')).toMatchObject({
        phase: 'DRAINING',
        drain: { by: 'admin', reason: `drain set ${id}: new kernel`, onDeadline: 'terminate', remaining: ['of-a-1'] },
      }),
    );
    expect(await node('a-2')).toMatchObject({ phase: 'ACTIVE' });
    const events = (await listNodeEvents({ client: api.admin, path: { id: 'a-1' } })).data?.items;
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'NodeDeactivated',
        by: 'admin',
        from: '127.0.0.1',
        reason: `drain set ${id}: new kernel`,
      }),
    );

    expect((await pauseDrain({ client: api.admin, path: { id } })).data).toMatchObject({
      state: 'PAUSED',
      ruling: { by: 'admin' },
    });
    await worker.stop();
    await first?.report([]);
    await worker.start();
    const paused = await becomes(id, 'PAUSED', ['DRAINED', 'QUEUED', 'QUEUED']);
    expect(paused).toMatchObject({
      ruling: { applied: true },
      counts: { DRAINED: 1, QUEUED: 2 },
      workflow: { id: `drain-set-${id}`, url: expect.stringContaining('http://temporal.test/') },
    });
    expect(await node('a-2')).toMatchObject({ phase: 'ACTIVE' });

    await resumeDrain({ client: api.admin, path: { id } });
    await becomes(id, 'RUNNING', ['DRAINED', 'DRAINING', 'QUEUED']);
    expect((await cancelDrain({ client: api.admin, path: { id } })).data).toMatchObject({ state: 'CANCELLING' });
    const over = await becomes(id, 'CANCELLED', ['DRAINED', 'RELEASED', 'NOT_BEGUN']);
    expect(over.endedAt).not.toBeNull();
    expect(await node('a-1')).toMatchObject({ phase: 'DRAINED' });
    expect(await node('a-2')).toMatchObject({
      phase: 'ACTIVE',
      activeSessions: 1,
      availability: { by: 'admin', reason: `drain set ${id} was cancelled` },
    });
    expect(await node('a-3')).toMatchObject({ phase: 'ACTIVE' });
    expect((await second?.beat())?.response?.status).toBe(200);

    for (const wish of [pauseDrain, resumeDrain, cancelDrain]) {
      expect((await wish({ client: api.admin, path: { id } })).error).toMatchObject({
        status: 409,
        code: 'DRAIN_ENDED',
        detail: `drain ${id} is over (CANCELLED)`,
      });
    }
    const { staticSummary, searchAttributes } = await describeWorkflow(id);
    expect(await staticSummary()).toBe('Drain of 3 nodes, pool=a');
    expect(searchAttributes).toMatchObject({ DrainState: ['CANCELLED'] });
  });

  test('drains several at once, and skips those that are activated, deleted, or drained already', async () => {
    const agents = await pool('b', 4);
    const other = await begin({ labels: ['pool=b'], maxUnavailable: 1 });
    await becomes(other.id, 'RUNNING', ['DRAINING', 'QUEUED', 'QUEUED', 'QUEUED']);
    await pauseDrain({ client: api.admin, path: { id: other.id } });
    const both = await begin({ labels: ['pool=b'], maxUnavailable: 2 });
    // The first is unavailable for another reason, which leaves room for one.
    await becomes(both.id, 'RUNNING', ['ALREADY', 'DRAINING', 'QUEUED', 'QUEUED']);
    await eventually(async () =>
      expect(await drain(both.id)).toMatchObject({
        others: { waiting: true, count: 1, nodes: [{ id: 'b-1', why: 'DRAINING by admin' }] },
      }),
    );
    await activateNode({ client: api.admin, path: { id: 'b-2' }, body: { reason: 'needed' } });
    await becomes(both.id, 'RUNNING', ['ALREADY', 'ACTIVATED', 'DRAINING', 'QUEUED']);
    await removeNode({ client: api.admin, path: { id: 'b-3' }, query: { force: 'true', reason: 'broken' } });
    const last = await becomes(both.id, 'RUNNING', ['ALREADY', 'ACTIVATED', 'REMOVED', 'DRAINING']);
    expect(last.nodes?.map(({ reason }) => reason)).toEqual([
      'node b-1 is draining already',
      'by admin: needed',
      'by admin: broken',
      '',
    ]);
    expect(last.others).toEqual({ waiting: false, count: 0, nodes: [] });
    await agents[3]?.report([]);
    await becomes(both.id, 'DONE', ['ALREADY', 'ACTIVATED', 'REMOVED', 'DRAINED']);
  });

  test('waits while other nodes of it are rejected or silent, names them, and continues when they are back', async () => {
    const [first, second] = await pool('f', 4);
    await rejectNode({ client: api.admin, path: { id: 'f-3' }, body: { message: 'broken' } });
    const { id } = await begin({ labels: ['pool=f'] });
    await eventually(async () =>
      expect(await drain(id)).toMatchObject({
        counts: { QUEUED: 4 },
        others: { waiting: true, count: 1, nodes: [{ id: 'f-3', why: 'REJECTED by admin' }] },
      }),
    );
    expect(await node('f-1')).toMatchObject({ phase: 'ACTIVE' });
    await removeNode({ client: api.admin, path: { id: 'f-3' }, query: { force: 'true' } });
    await becomes(id, 'RUNNING', ['DRAINING', 'QUEUED', 'QUEUED', 'QUEUED']);
    // MongoDB's record counts.
    const lives = (liveness: string) =>
      api.app
        .get<Connection>(getConnectionToken())
        .collection('nodes')
        .updateOne({ name: 'f-4', living: true }, { $set: { liveness } });
    await lives('UNKNOWN');
    await first?.report([]);
    await becomes(id, 'RUNNING', ['DRAINED', 'QUEUED', 'QUEUED', 'QUEUED']);
    await eventually(async () =>
      expect((await drain(id)).others).toEqual({ waiting: true, count: 1, nodes: [{ id: 'f-4', why: 'UNKNOWN' }] }),
    );
    await lives('HEALTHY');
    await becomes(id, 'RUNNING', ['DRAINED', 'DRAINING', 'QUEUED', 'QUEUED']);
    // In its own turn, its drain does not increase the number of unavailable nodes.
    await lives('UNKNOWN');
    await second?.report([]);
    await becomes(id, 'RUNNING', ['DRAINED', 'DRAINED', 'REMOVED', 'DRAINING']);
    await cancelDrain({ client: api.admin, path: { id } });
    await becomes(id, 'CANCELLED', ['DRAINED', 'DRAINED', 'REMOVED', 'RELEASED']);
  });

  test('continues if Temporal was away when it was requested, and if its workflow was terminated', async () => {
    const agents = await pool('c', 2);
    const { id } = await begin({ labels: ['pool=c'] }, cutOff);
    await becomes(id, 'RUNNING', ['DRAINING', 'QUEUED']);
    expect((await pauseDrain({ client: cutOff.admin, path: { id } })).data).toMatchObject({
      state: 'PAUSED',
      ruling: { applied: false },
    });
    await eventually(async () => expect(await drain(id)).toMatchObject({ state: 'PAUSED', ruling: { applied: true } }));
    await temporal.env.client.workflow.getHandle(drainSetWorkflowId(id)).terminate('by a test');
    await resumeDrain({ client: api.admin, path: { id } });
    await agents[0]?.report([]);
    await becomes(id, 'RUNNING', ['DRAINED', 'DRAINING']);
    await agents[1]?.report([]);
    await becomes(id, 'DONE', ['DRAINED', 'DRAINED']);
  });

  test('is over if it was cancelled while Temporal was away, before its workflow began', async () => {
    await pool('e', 2);
    const { id } = await begin({ labels: ['pool=e'] }, cutOff);
    await cancelDrain({ client: cutOff.admin, path: { id } });
    const over = await becomes(id, 'CANCELLED', ['NOT_BEGUN', 'NOT_BEGUN']);
    expect(over.endedAt).not.toBeNull();
    expect(await node('e-1')).toMatchObject({ phase: 'ACTIVE' });
  });

  test('of individually named nodes contains each once, in natural order', async () => {
    const [first] = await pool('named', 2);
    const { id, labels } = await begin({ nodes: ['named-2', 'named-1', 'named-2'] });
    expect(labels).toEqual([]);
    const { nodes } = await becomes(id, 'RUNNING', ['DRAINING', 'QUEUED']);
    expect(nodes?.map((member) => member.id)).toEqual(['named-1', 'named-2']);
    await first?.report([]);
    await becomes(id, 'RUNNING', ['DRAINED', 'DRAINING']);
    await cancelDrain({ client: api.admin, path: { id } });
  });

  test('is listed, latest first, without its nodes', async () => {
    const first = await listDrains({ client: api.admin, query: { limit: 2 } });
    expect(first.data?.items).toHaveLength(2);
    expect(first.data?.items.every(({ nodes }) => nodes === null)).toBe(true);
    const rest = await listDrains({ client: api.admin, query: { limit: 100, cursor: first.data?.nextCursor ?? '' } });
    const times = [...(first.data?.items ?? []), ...(rest.data?.items ?? [])].map(({ at }) => at);
    expect(times.length).toBeGreaterThan(3);
    expect(times).toEqual(times.toSorted().toReversed());
  });
});

test('the second request with the same Idempotency-Key is the same drain', async () => {
  await pool('d', 1);
  const request = { client: api.admin, body: { labels: ['pool=d'] }, headers: { 'idempotency-key': randomUUID() } };
  const [once, twice] = [await createDrain(request), await createDrain(request)];
  expect(twice.data?.id).toBe(once.data?.id);
  await cancelDrain({ client: api.admin, path: { id: once.data?.id ?? '' } });
});

function describeWorkflow(id: string) {
  return temporal.env.client.workflow.getHandle(drainSetWorkflowId(id)).describe();
}
