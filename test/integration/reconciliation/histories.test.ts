import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Connection } from 'mongoose';
import type { DecisionAction } from '../../../contract/decision.js';
import { LIFECYCLE_QUERY, lifecycleWorkflowId, type LifecycleView } from '../../../contract/lifecycle.js';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { EventStore } from '../../../src/record/event-store.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { HistoryCensus } from '../../../src/reconciliation/history-census.js';
import { LifecycleSignals } from '../../../src/lifecycle/lifecycle-signals.js';
import { Lifecycles } from '../../../src/lifecycle/lifecycles.js';
import { LifecycleWorkflows } from '../../../src/lifecycle/lifecycle-workflows.js';
import { ReconciliationStore } from '../../../src/reconciliation/reconciliation-store.js';
import { StuckLifecycles } from '../../../src/reconciliation/stuck-lifecycles.js';
import { change, newNode, RESOURCES } from '../../support/mongo/node-fixtures.js';
import { eventually } from '../../support/eventually.js';
import { useParts, useWorker } from '../../support/temporal/control-plane.js';
import { useOwnMongod } from '../../support/servers/mongod.js';

// Real resets and real restores: whichever of the two is set back, MongoDB and Temporal come to agree, and nothing that either still knows is lost.

const { ResetReapplyExcludeType } = proto.temporal.api.enums.v1;

const {
  temporal,
  config,
  client: api,
} = useParts({ 'Orchestrator.NodeManager.DisconnectTimeout': '1h' }, useOwnMongod());
const worker = useWorker(config);
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
  node = await nodes.create(newNode(`node-${count}`, { at: Date.now() }), []);
  await lifecycles.ensureStarted(node);
  await agree();
});

const workflow = (): WorkflowHandle => temporal.env.client.workflow.getHandle(lifecycleWorkflowId(node.name));
const record = async () => (await nodes.findByUid(node.uid)) as NodeRecord;
const view = () => workflow().query<LifecycleView>(LIFECYCLE_QUERY);
const census = () =>
  new HistoryCensus(
    api.get(ReconciliationStore),
    nodes,
    lifecycles,
    signals,
    api.get(LifecycleWorkflows),
    worker.get(StuckLifecycles),
  ).take();

/** Both know the same, and nothing waits. */
async function agree(): Promise<NodeRecord> {
  return eventually(async () => {
    const [known, told] = [await record(), await view()];
    expect({ ...known.applied?.view, id: known.decision.id, seq: known.decision.seq }).toEqual({
      ...told,
      id: told.decisionId,
      seq: told.seq,
    });
    return known;
  }, 60_000);
}

/** What the worker does every 30 s. */
async function agreeByCensus(): Promise<NodeRecord> {
  return eventually(async () => {
    await census();
    const [known, told] = [await record(), await view()];
    expect({ ...known.applied?.view, id: known.decision.id, seq: known.decision.seq }).toEqual({
      ...told,
      id: told.decisionId,
      seq: told.seq,
    });
    return known;
  }, 60_000);
}

async function commit(action: DecisionAction, reason: string): Promise<NodeRecord> {
  const decided = await nodes.commitDecision(change(await record(), action, reason, Date.now()));
  if (decided === 'conflict') throw new Error(decided);
  return decided;
}

async function decide(action: DecisionAction, reason = ''): Promise<void> {
  await lifecycles.signalDecision(await commit(action, reason));
  await agree();
}

async function beat(): Promise<void> {
  const at = Date.now();
  await api.get(HeartbeatStore).record([{ uid: node.uid, lastSeen: at, bootId: 'b', seq: at, resources: RESOURCES }]);
  void signals.signalHeartbeat(await record(), { at, bootId: 'b' });
  await eventually(async () => expect((await record()).liveness).toBe('HEALTHY'));
}

/** As `temporal workflow reset --type FirstWorkflowTask` does, without the signals that came since. */
async function reset(): Promise<void> {
  const { connection } = temporal.env;
  const { events } = await workflow().fetchHistory();
  const first = events?.find(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes);
  await connection.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: workflow().workflowId },
    reason: 'by hand',
    requestId: crypto.randomUUID(),
    ...(first?.eventId != null && { workflowTaskFinishEventId: first.eventId }),
    resetReapplyExcludeTypes: [
      ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL,
      ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE,
    ],
  });
}

/** @returns what puts every collection back to what it holds now */
async function dump(): Promise<() => Promise<void>> {
  const { db } = api.get<Connection>(getConnectionToken() as never);
  if (!db) throw new Error('no database');
  const kept = await Promise.all(
    (await db.listCollections({ type: 'collection' }, { nameOnly: true }).toArray())
      .filter(({ name }) => !name.startsWith('system.'))
      .map(async ({ name }) => ({ name, documents: await db.collection(name).find().toArray() })),
  );
  return async () => {
    for (const { name, documents } of kept) {
      await db.collection(name).deleteMany({});
      // The worker goes on meanwhile: the lease that it renews is there again by now.
      for (const document of documents)
        await db.collection(name).replaceOne({ _id: document._id }, document, { upsert: true });
    }
  };
}

const reasons = async () =>
  (await api.get(EventStore).listForNode(node.uid, { limit: 100 })).items.map(({ reason }) => reason);

describe('a workflow that was reset', () => {
  test('has its decisions from the record again, and what it says then is heard', async () => {
    await beat();
    await decide('deactivate', 'new disks');
    await decide('activate');
    await decide('reject', 'compromised');
    const { applied } = await record();
    const { runId } = await workflow().describe();
    await reset();
    // It begins with the first decision, and may have the others again before anybody looks.
    await eventually(async () => expect((await workflow().describe()).runId).not.toBe(runId));
    const after = await agreeByCensus();
    expect(after).toMatchObject({ phase: 'REJECTED', decision: { seq: 4 }, liveness: 'HEALTHY', applied: { seq: 4 } });
    expect(after.applied?.revision).toBeGreaterThan(applied?.revision ?? 0);
    await decide('approve');
    expect(await record()).toMatchObject({ applied: { seq: 5, view: { approval: { value: 'APPROVED' } } } });
  });

  test('remembers since when the node is drained', async () => {
    await beat();
    await decide('deactivate', 'new disks');
    const drained = (await record()).applied?.view.availability;
    await reset();
    await eventually(async () => expect((await view()).seq).toBe(1));
    expect((await agreeByCensus()).applied?.view.availability).toEqual(drained);
  });
});

describe('a database that was restored to before the last decisions', () => {
  test('has them from the workflow again, with an event that says so', async () => {
    const restore = await dump();
    await decide('deactivate', 'new disks');
    await decide('reject', 'compromised');
    await restore();
    expect((await record()).phase).not.toBe('REJECTED');
    const after = await agreeByCensus();
    expect(after).toMatchObject({
      phase: 'REJECTED',
      decision: { seq: 3, action: 'reject', approval: { reason: 'compromised' } },
      applied: { seq: 3 },
    });
    expect(await reasons()).toContainEqual(expect.stringContaining('compromised (the record had lost it'));
  });

  test('applies what was decided since, though its number was given before', async () => {
    await beat();
    const restore = await dump();
    await decide('deactivate', 'forgotten');
    await decide('activate', 'forgotten too');
    await restore();
    const decided = await commit('deactivate', 'decided anew');
    expect(decided.decision.seq).toBe(2);
    await lifecycles.signalDecision(decided);
    const after = await agree();
    expect(after).toMatchObject({
      phase: 'DRAINED',
      decision: { seq: 4, availability: { seq: 4, reason: 'decided anew' } },
      applied: { seq: 4 },
    });
  });

  test('never says that a decision is applied which the workflow has not heard of', async () => {
    const restore = await dump();
    await decide('deactivate', 'forgotten');
    await decide('activate', 'forgotten too');
    await restore();
    // No signal: the workflow says something else first.
    await commit('reject', 'decided anew');
    await beat();
    const after = await agree();
    expect(after).toMatchObject({
      phase: 'REJECTED',
      applied: { view: { phase: 'REJECTED', approval: { reason: 'decided anew' } } },
    });
  });

  test('does not bring a removed node back: its name and its credential stay what they were', async () => {
    await decide('deactivate');
    const restore = await dump();
    await lifecycles.signalDecision(await commit('remove', 'sold'));
    await eventually(async () => expect((await workflow().describe()).status.name).toBe('COMPLETED'));
    await restore();
    expect(await record()).toMatchObject({ living: true });
    await eventually(async () => {
      await lifecycles.ensureStarted(await record());
      expect(await record()).toMatchObject({
        living: false,
        phase: 'REMOVED',
        credential: { revokedAt: expect.any(Number) },
      });
    });
    expect((await workflow().describe()).status.name).toBe('COMPLETED');
    expect(await reasons()).toContainEqual(expect.stringContaining('sold (the record had lost it'));
  });
});
