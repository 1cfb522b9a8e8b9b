import { expect, test } from '@jest/globals';
import { approveNode, removeNode, rejectNode } from '../../client/index.js';
import { decide, type DecisionAction } from '../../contract/decision.js';
import { HEARTBEAT_SIGNAL, type DecisionSignal, type HeartbeatSignal } from '../../contract/lifecycle.js';
import type { NodeDocument } from '../../src/mongo/schemas/node.schema.js';
import { AgentUnderTest } from '../support/api/agent-under-test.js';
import { eventually } from '../support/eventually.js';
import { useCluster } from '../support/cluster/use-cluster.js';

/** A free name belongs to the next node, even if the previous one's workflow could not end. */

const cluster = useCluster();

const join = (name: string) => new AgentUnderTest(cluster).join(cluster.joinToken, name);
const remove = (id: string) => removeNode({ client: cluster.admin, path: { id }, query: { reason: 'sold' } });

async function joinedNode(name: string): Promise<AgentUnderTest> {
  const agent = await join(name);
  await agent.beat();
  await cluster.settled(name);
  return agent;
}

/** The removed node's workflow has nothing left to report. */
async function expectGone(agent: AgentUnderTest): Promise<void> {
  expect((await agent.beat()).response?.status).toBe(410);
  expect((await agent.trade(await agent.assertion())).response?.status).toBe(410);
  await eventually(async () => {
    const node = await cluster.db.collection<NodeDocument>('nodes').findOne({ _id: agent.uid });
    expect(node).toMatchObject({ phase: 'REMOVED' });
    expect(node).not.toHaveProperty('unappliedSince');
  }, 40_000);
}

test('no worker: the old lifecycle cannot end, and the new one lives', async () => {
  const old = await joinedNode('twice');
  await cluster.worker.kill();
  expect((await remove('twice')).response?.status).toBe(202);
  const young = await join('twice');
  expect(young.uid).not.toBe(old.uid);
  expect((await young.beat()).response?.status).toBe(200);
  expect((await old.beat()).response?.status).toBe(410);

  await cluster.worker.start();
  expect(await cluster.settled('twice')).toMatchObject({ uid: young.uid, seq: 1 });
  await expectGone(old);

  const before = await cluster.lifecycle('twice');
  await signalAs(old, 'twice', 'remove');
  await cluster
    .workflow('twice')
    .signal(HEARTBEAT_SIGNAL, { uid: old.uid, at: Date.now(), bootId: old.bootId } satisfies HeartbeatSignal);
  await young.beat();
  await eventually(async () =>
    expect((await cluster.lifecycle('twice')).lastHeartbeat).toBeGreaterThan(before.lastHeartbeat ?? 0),
  );
  expect(await cluster.settled('twice')).toMatchObject({
    uid: young.uid,
    seq: 1,
    phase: 'ACTIVE',
    bootId: young.bootId,
  });
  expect(
    (await rejectNode({ client: cluster.admin, path: { id: 'twice' }, query: { wait: '10s' }, body: { message: 'x' } }))
      .response?.status,
  ).toBe(200);
});

/** A late decision about the earlier node of this name. */
async function signalAs(agent: AgentUnderTest, name: string, action: DecisionAction): Promise<void> {
  const node = await cluster.db.collection<NodeDocument>('nodes').findOne({ _id: agent.uid });
  if (!node) throw new Error(`the record has forgotten ${agent.uid}`);
  const decision = { ...decide(node.decision, action, { at: Date.now(), by: 'admin', reason: 'late' }), seq: 1_000 };
  await cluster.workflow(name).signal(action, { uid: agent.uid, action, decision } satisfies DecisionSignal);
}

test('no Temporal: a name that was reused twice belongs to the last node', async () => {
  const first = await joinedNode('thrice');
  await cluster.temporal.kill();
  expect((await remove('thrice')).response?.status).toBe(202);
  const second = await join('thrice');
  expect((await remove('thrice')).response?.status).toBe(202);
  const third = await join('thrice');
  expect(
    (await rejectNode({ client: cluster.admin, path: { id: 'thrice' }, body: { message: 'wait' } })).response?.status,
  ).toBe(202);
  expect((await approveNode({ client: cluster.admin, path: { id: 'thrice' }, body: {} })).response?.status).toBe(202);

  await cluster.temporal.start();
  expect(await cluster.settled('thrice')).toMatchObject({ uid: third.uid, seq: 3 });
  await Promise.all([first, second].map(expectGone));
  expect((await third.beat()).response?.status).toBe(200);
});
