import { expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { activateNode, approveNode, deactivateNode, rejectNode } from '../../client/index.js';
import { NODES } from '../../src/mongo/schemas/node.schema.js';
import { EVENTS } from '../../src/mongo/schemas/event.schema.js';
import { AgentUnderTest } from '../support/api/agent-under-test.js';
import { eventually } from '../support/eventually.js';
import { useCluster } from '../support/cluster/use-cluster.js';

/** An acknowledged decision stays and is applied, whatever dies between two steps. */

const cluster = useCluster();

/** A node whose agent is played by the test, with a running workflow. */
async function joinedNode(name: string): Promise<AgentUnderTest> {
  const agent = await new AgentUnderTest(cluster).join(cluster.joinToken, name);
  await agent.beat();
  await cluster.settled(name);
  return agent;
}

const reject = (id: string, message: string) => rejectNode({ client: cluster.admin, path: { id }, body: { message } });
const approve = (id: string) => approveNode({ client: cluster.admin, path: { id }, body: {} });

/** Resolves when the record has a decision later than `seq`; returns its own. */
function committedAfter(name: string, seq: number): Promise<number> {
  return eventually(async () => {
    const { decision } = await cluster.record(name);
    expect(decision.seq).toBeGreaterThan(seq);
    return decision.seq;
  });
}

const seqOf = async (name: string) => (await cluster.record(name)).decision.seq;

test('kill -9 of the api between commit and signal: the reconciler signals instead', async () => {
  const agent = await joinedNode('half-said');
  const before = await seqOf('half-said');
  // Without a Temporal to signal, the api keeps trying after the commit: that is when it dies.
  await cluster.temporal.kill();
  const answer = reject('half-said', 'Unauthorized node').then(({ response }) => response?.status);
  const seq = await committedAfter('half-said', before);
  await cluster.api.kill();
  expect(await answer).toBeUndefined();

  await cluster.api.start();
  await eventually(async () => expect((await agent.beat()).response?.status).toBe(403));
  await cluster.temporal.start();
  expect(await cluster.settled('half-said')).toMatchObject({
    seq,
    phase: 'REJECTED',
    approval: { value: 'REJECTED', reason: 'Unauthorized node' },
  });
  expect(await cluster.worker.log()).toContain('decisions were signalled again');
});

test('kill -9 of the worker while it applies a decision: another worker finishes it', async () => {
  await joinedNode('half-applied');
  const { revision, uid } = await cluster.settled('half-applied');
  // The first thing that the projection writes and the api does not: the event of the drain's end, some changes on.
  const release = await holdDocument(EVENTS, ...[1, 2, 3, 4, 5].map((changes) => `${uid}:${revision + changes}`));
  const answer = await deactivateNode({
    client: cluster.admin,
    path: { id: 'half-applied' },
    body: { reason: 'new disks' },
  });
  expect(answer.response?.status).toBe(202);
  await eventually(async () => {
    const { raw } = await cluster.askTemporal(() => cluster.workflow('half-applied').describe());
    expect(raw.pendingActivities?.map((activity) => activity.activityType?.name)).toEqual(['projectNode']);
  });
  await cluster.worker.kill();
  await release();
  const { decision, applied } = await cluster.record('half-applied');
  expect(applied?.seq).toBeLessThan(decision.seq);

  await cluster.worker.start();
  expect(await cluster.settled('half-applied')).toMatchObject({
    seq: answer.data?.node.decision.seq,
    phase: 'DRAINED',
  });
  const types = await cluster.eventTypes(uid);
  expect(types.filter((type) => type === 'NodeDrained')).toHaveLength(1);
});

test('Temporal down: decisions are accepted, in force at once, and applied when it is back', async () => {
  const agent = await joinedNode('decided-alone');
  await joinedNode('drained-alone');
  await cluster.temporal.kill();

  const rejected = await reject('decided-alone', 'not one of ours');
  expect(rejected).toMatchObject({ response: { status: 202 }, data: { applied: false, node: { phase: 'REJECTED' } } });
  expect(await agent.beat()).toMatchObject({
    response: { status: 403 },
    error: { detail: expect.stringContaining('not one of ours') },
  });
  for (const decide of [deactivateNode, activateNode, deactivateNode]) {
    expect((await decide({ client: cluster.admin, path: { id: 'drained-alone' }, body: {} })).response?.status).toBe(
      202,
    );
  }
  const newcomer = await new AgentUnderTest(cluster).join(cluster.joinToken, 'came-meanwhile');
  expect((await newcomer.beat()).response?.status).toBe(200);

  await cluster.temporal.start();
  expect(await cluster.settled('decided-alone')).toMatchObject({
    seq: rejected.data?.node.decision.seq,
    phase: 'REJECTED',
  });
  expect(await cluster.settled('drained-alone')).toMatchObject({ seq: 4, phase: 'DRAINED' });
  expect(await cluster.settled('came-meanwhile')).toMatchObject({
    seq: 1,
    uid: newcomer.uid,
    approval: { value: 'APPROVED' },
  });
});

test('Temporal hanging: a decision is answered in time, and is in force', async () => {
  const agent = await joinedNode('decided-in-vain');
  cluster.temporal.freeze();
  try {
    const asked = Date.now();
    expect((await reject('decided-in-vain', 'no')).response?.status).toBe(202);
    expect(Date.now() - asked).toBeLessThan(5_000);
    expect((await agent.beat()).response?.status).toBe(403);
  } finally {
    cluster.temporal.thaw();
  }
  expect(await cluster.settled('decided-in-vain')).toMatchObject({ phase: 'REJECTED' });
});

test('a transaction whose api was killed locks its node for seconds, not for a minute', async () => {
  await joinedNode('locked');
  const { _id: uid } = await cluster.record('locked');
  const release = await holdDocument(NODES, uid);
  try {
    expect((await reject('locked', 'too early')).response?.status).toBe(503);
    await eventually(async () => expect((await reject('locked', 'in the end')).response?.status).toBeLessThan(300));
    expect(await cluster.settled('locked')).toMatchObject({ phase: 'REJECTED', approval: { reason: 'in the end' } });
  } finally {
    await release();
  }
});

test('kill -9 of mongod right after the acknowledgement: the decision is on its disk', async () => {
  await joinedNode('on-disk');
  for (const decide of [() => reject('on-disk', 'first'), () => approve('on-disk'), () => reject('on-disk', 'third')]) {
    const { response, data } = await eventually(async () => {
      const answer = await decide();
      expect(answer.response?.status).toBeLessThan(300);
      return answer;
    });
    await cluster.mongod.kill();
    expect([200, 202]).toContain(response?.status);
    await cluster.mongod.start();
    const { decision } = await cluster.record('on-disk');
    expect(decision.seq).toBe(data?.node.decision.seq);
    expect((await cluster.settled('on-disk')).seq).toBe(decision.seq);
  }
  const { _id: uid } = await cluster.record('on-disk');
  expect((await cluster.eventTypes(uid)).filter((type) => type === 'NodeRejected' || type === 'NodeApproved')).toEqual([
    'NodeApproved',
    'NodeRejected',
    'NodeApproved',
    'NodeRejected',
  ]);
});

/**
 * Locks a document by a transaction that does not end, so that others cannot write it.
 * @returns releases it
 */
async function holdDocument(collection: string, ...ids: string[]): Promise<() => Promise<void>> {
  const client = await mongo.MongoClient.connect(cluster.mongoUri);
  const session = client.startSession();
  session.startTransaction();
  for (const _id of ids)
    await client
      .db()
      .collection<{ _id: string }>(collection)
      .updateOne({ _id }, { $set: { held: true } }, { session, upsert: true });
  return () => client.close();
}
