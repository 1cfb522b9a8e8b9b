import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { lifecycleWorkflowId } from '../../../contract/lifecycle.js';
import { ClusterIdentity } from '../../../src/cluster/cluster-identity.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { LifecycleSignals, LifecycleUnavailable } from '../../../src/lifecycle/lifecycle-signals.js';
import { Lifecycles } from '../../../src/lifecycle/lifecycles.js';
import { TemporalProbe } from '../../../src/process/server-probe.js';
import { TemporalClient } from '../../../src/temporal/temporal-client.js';
import { change, newNode } from '../../support/mongo/node-fixtures.js';
import { eventually } from '../../support/eventually.js';
import { ownConfig, startClient, useParts } from '../../support/temporal/control-plane.js';

const { mongod, temporal, client: api } = useParts();
let nodes: NodeStore;
let signals: LifecycleSignals;
let lifecycles: Lifecycles;
beforeAll(() => {
  nodes = api.get(NodeStore);
  signals = api.get(LifecycleSignals);
  lifecycles = api.get(Lifecycles);
});

let count = 0;
let node: NodeRecord;
beforeEach(async () => {
  count += 1;
  node = await nodes.create(newNode(`node-${count}`), []);
});

const workflow = (): WorkflowHandle => temporal.env.client.workflow.getHandle(lifecycleWorkflowId(node.name));
/** Temporal's numbers of event types. */
const EVENT = { started: 1, taskScheduled: 5, signaled: 26 };
const isSignal =
  (name: string) => (event: { workflowExecutionSignaledEventAttributes?: { signalName?: string | null } | null }) =>
    event.workflowExecutionSignaledEventAttributes?.signalName === name;
/** Boots of the workflow's heartbeats. */
const bootsHeard = async () => {
  const heartbeats = (await workflow().fetchHistory()).events?.filter(isSignal('heartbeat')) ?? [];
  return heartbeats.map(
    (event) =>
      defaultPayloadConverter.fromPayload<{ bootId: string }>(
        event.workflowExecutionSignaledEventAttributes?.input?.payloads?.[0] as Payload,
      ).bootId,
  );
};
const signalsNamed = async (name: string) => (await workflow().fetchHistory()).events?.filter(isSignal(name)).length;

async function removeAndReplace(): Promise<NodeRecord> {
  await nodes.commitDecision(change(node, 'remove'));
  return nodes.create(newNode(node.name), []);
}

describe('starting a lifecycle', () => {
  test('sets its owner and search attributes', async () => {
    await lifecycles.ensureStarted(node);
    const description = await workflow().describe();
    expect(description.memo).toEqual({
      uid: node.uid,
      nodeId: node.name,
      type: 'Compute',
      clusterId: await api.get(ClusterIdentity).id(),
    });
    expect(description.searchAttributes).toMatchObject({
      NodePhase: ['WAITING'],
      NodeLiveness: ['UNKNOWN'],
      NodeApproval: ['APPROVED'],
      NodeType: ['Compute'],
    });
    expect(await description.staticSummary()).toBe(`Compute node ${node.name}`);
  });

  test('twice, or from many replicas at once, starts it once', async () => {
    await Promise.all([1, 2, 3, 4].map(() => lifecycles.ensureStarted(node)));
    const { runId } = await workflow().describe();
    await lifecycles.ensureStarted(node);
    expect((await workflow().describe()).runId).toBe(runId);
  });

  test('ends the workflow of the name’s earlier node', async () => {
    await lifecycles.ensureStarted(node);
    const { runId } = await workflow().describe();
    const successor = await removeAndReplace();
    await lifecycles.ensureStarted(successor);
    const earlier = temporal.env.client.workflow.getHandle(lifecycleWorkflowId(node.name), runId);
    expect((await earlier.describe()).status.name).toBe('TERMINATED');
    expect((await earlier.fetchHistory()).events?.at(-1)?.workflowExecutionTerminatedEventAttributes?.reason).toBe(
      'superseded by a newer incarnation',
    );
    expect((await workflow().describe()).memo).toMatchObject({ uid: successor.uid });
  });

  test('for a node that was removed meanwhile leaves its successor’s workflow alone', async () => {
    const successor = await removeAndReplace();
    await lifecycles.ensureStarted(successor);
    await lifecycles.ensureStarted(node);
    expect((await workflow().describe()).memo).toMatchObject({ uid: successor.uid });
  });
});

describe('starting the lifecycle of a node that was heard before', () => {
  const heard = () => ({ at: Date.now(), bootId: 'b' });

  test('signals the heartbeat in the same step, before it has done anything', async () => {
    await lifecycles.startHeard(node, heard());
    const { events } = await workflow().fetchHistory();
    expect(events?.map(({ eventType }) => Number(eventType))).toEqual([
      EVENT.started,
      EVENT.signaled,
      EVENT.taskScheduled,
    ]);
    expect((await workflow().describe()).memo).toMatchObject({ uid: node.uid });
  });

  test('only signals one that runs already', async () => {
    await lifecycles.ensureStarted(node);
    const { runId } = await workflow().describe();
    await lifecycles.startHeard(node, heard());
    expect((await workflow().describe()).runId).toBe(runId);
    expect(await signalsNamed('heartbeat')).toBe(1);
  });
});

test('a workflow that waits for a worker is not requested with every heartbeat', async () => {
  const asked = jest.spyOn(api.get(TemporalClient).workflows, 'getHandle');
  const times = () => asked.mock.calls.filter(([id]) => id === lifecycleWorkflowId(node.name)).length;
  try {
    void signals.signalHeartbeat(node, { at: Date.now(), bootId: 'b' });
    // It is dropped once Temporal has answered that there is none.
    await eventually(async () => {
      const before = times();
      void signals.signalHeartbeat(node, { at: Date.now(), bootId: 'b' });
      expect(times()).toBe(before);
    });
    // Another process started it meanwhile: once the record has a projection, it is requested again.
    const before = times();
    void signals.signalHeartbeat({ ...node, applied: {} }, { at: Date.now(), bootId: 'b' });
    expect(times()).toBe(before + 1);
  } finally {
    asked.mockRestore();
  }
  await lifecycles.ensureStarted(node);
  // Earlier ones may still be under way, and reach it too.
  void signals.signalHeartbeat(node, { at: Date.now(), bootId: 'of-the-last' });
  await eventually(async () => expect(await bootsHeard()).toContain('of-the-last'));
});

describe('a decision', () => {
  test('starts the workflow of a living node that has none', async () => {
    const decided = await nodes.commitDecision(change(node, 'deactivate'));
    await lifecycles.signalDecision(decided as NodeRecord);
    expect((await workflow().describe()).memo).toMatchObject({ uid: node.uid });
  });

  test('is a signal with the name of its action', async () => {
    await lifecycles.ensureStarted(node);
    const decided = await nodes.commitDecision(change(node, 'deactivate'));
    await lifecycles.signalDecision(decided as NodeRecord);
    expect(await signalsNamed('deactivate')).toBe(1);
  });

  test('about a removed node starts nothing', async () => {
    const removed = await nodes.commitDecision(change(node, 'remove'));
    await lifecycles.signalDecision(removed as NodeRecord);
    await expect(workflow().describe()).rejects.toBeInstanceOf(WorkflowNotFoundError);
  });
});

describe('a heartbeat', () => {
  test('never starts a workflow', async () => {
    void signals.signalHeartbeat(node, { at: 1, bootId: 'b' });
    await expect(signals.reportSessions(node, { at: 1, bootId: 'b', sessions: [] })).rejects.toBeInstanceOf(
      LifecycleUnavailable,
    );
    await expect(workflow().describe()).rejects.toBeInstanceOf(WorkflowNotFoundError);
  });

  test('and a report of sessions reach the running workflow', async () => {
    await lifecycles.ensureStarted(node);
    void signals.signalHeartbeat(node, { at: 1, bootId: 'b' });
    await signals.reportSessions(node, { at: 1, bootId: 'b', sessions: [] });
    expect(await signalsNamed('sessionsReported')).toBe(1);
  });
});

describe('without Temporal', () => {
  test('every request fails soon with one sentence, except a heartbeat, which succeeds', async () => {
    const alone = await startClient(ownConfig(mongod.uri, '127.0.0.1:1'));
    const [lost, lostLifecycles] = [alone.get(LifecycleSignals), alone.get(Lifecycles)];
    void lost.signalHeartbeat(node, { at: 1, bootId: 'b' });
    const outcomes = await Promise.allSettled([
      lostLifecycles.ensureStarted(node),
      lostLifecycles.signalDecision(node),
      lost.querySessionCache(node),
      lost.queryLifecycle(node),
      alone.get(TemporalProbe).check(),
    ]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(LifecycleUnavailable) });
      expect((outcome as PromiseRejectedResult).reason.message).toMatch(
        /^Temporal at 127\.0\.0\.1:1 did not do it: .+$/,
      );
    }
    // Requests under way when the process ends must not crash it.
    void lost.signalHeartbeat(node, { at: 2, bootId: 'b' });
    await alone.close();
  });
});
