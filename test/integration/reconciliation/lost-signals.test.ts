import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { lifecycleWorkflowId } from '../../../contract/lifecycle.js';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { TemporalProbe } from '../../../src/process/server-probe.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { DecisionReminder } from '../../../src/reconciliation/decision-reminder.js';
import { LeaseStore } from '../../../src/mechanics/lease-store.js';
import { LifecycleSignals } from '../../../src/lifecycle/lifecycle-signals.js';
import { Lifecycles } from '../../../src/lifecycle/lifecycles.js';
import { LifecycleWorkflows } from '../../../src/lifecycle/lifecycle-workflows.js';
import { ReconciliationStore } from '../../../src/reconciliation/reconciliation-store.js';
import { StuckLifecycles } from '../../../src/reconciliation/stuck-lifecycles.js';
import { WorkflowCensus } from '../../../src/reconciliation/workflow-census.js';
import { ManualClock } from '../../support/manual-clock.js';
import { change, newNode, RESOURCES } from '../../support/mongo/node-fixtures.js';
import { eventually } from '../../support/eventually.js';
import { startWorker, type Part, useParts } from '../../support/temporal/control-plane.js';
import { atEndOfSuite } from '../../support/use-in-suite.js';
import { MetricRegistry } from '../../../src/process/metric-registry.js';

const { temporal, config, client: api } = useParts();
let worker: Part;
let nodes: NodeStore;
let signals: LifecycleSignals;
let lifecycles: Lifecycles;
beforeAll(async () => {
  worker = await startWorker(config);
  nodes = api.get(NodeStore);
  signals = api.get(LifecycleSignals);
  lifecycles = api.get(Lifecycles);
});
atEndOfSuite(() => worker?.close());

let count = 0;
let node: NodeRecord;
beforeEach(async () => {
  count += 1;
  node = await nodes.create(newNode(`node-${count}`, { at: Date.now() }), []);
});

const workflow = (): WorkflowHandle => temporal.env.client.workflow.getHandle(lifecycleWorkflowId(node.name));
const statusOf = async (handle: WorkflowHandle) => (await handle.describe()).status.name;

async function applied(seq: number): Promise<NodeRecord> {
  return eventually(async () => {
    const found = await nodes.findByUid(node.uid);
    expect(found?.applied?.seq).toBe(seq);
    return found as NodeRecord;
  });
}

async function commit(action: 'deactivate' | 'remove'): Promise<NodeRecord> {
  const read = (await nodes.findByUid(node.uid)) as NodeRecord;
  const decided = await nodes.commitDecision(change(read, action, 'no signal follows', Date.now()));
  if (decided === 'conflict') throw new Error(decided);
  return decided;
}

describe('the worker makes up for', () => {
  test('a workflow that was never started: the api died right after it made the node', async () => {
    const { phase, liveness } = await applied(1);
    expect([phase, liveness]).toEqual(['WAITING', 'UNKNOWN']);
  });

  test('the starts of a crowd, each of which settles with what the record heard of the node', async () => {
    const crowd = await nodes.createAll(
      Array.from({ length: 20 }, (_, index) => ({ node: newNode(`crowd-${index}`, { at: Date.now() }), events: [] })),
    );
    await api
      .get(HeartbeatStore)
      .record(crowd.map(({ uid }) => ({ uid, lastSeen: Date.now(), bootId: 'b', seq: 1, resources: RESOURCES })));
    await eventually(async () => {
      const found = await Promise.all(crowd.map(({ uid }) => nodes.findByUid(uid)));
      expect(found.map((one) => one?.applied?.view)).toEqual(
        crowd.map(() =>
          expect.objectContaining({ liveness: expect.objectContaining({ value: 'HEALTHY' }), bootId: 'b' }),
        ),
      );
    });
  });

  test('a signal that was never sent: the api died right after it committed the decision', async () => {
    await lifecycles.ensureStarted(node);
    await applied(1);
    await commit('deactivate');
    const { phase } = await applied(2);
    expect(phase).toBe('DRAINED');
  });

  test('lost signals, though a workflow that is none of ours holds up another node', async () => {
    const blocked = node;
    const foreign = await temporal.env.client.workflow.start('somethingElse', {
      workflowId: lifecycleWorkflowId(blocked.name),
      taskQueue: 'nobody-works-here',
    });
    count += 1;
    node = await nodes.create(newNode(`node-${count}`, { at: Date.now() }), []);
    await applied(1);
    await foreign.terminate('the test goes on');
    node = blocked;
    await applied(1);
  });

  test('a removal that the workflow never heard of', async () => {
    await lifecycles.ensureStarted(node);
    await applied(1);
    await commit('remove');
    await eventually(async () => expect(await statusOf(workflow())).toBe('COMPLETED'));
    expect(await nodes.findByUid(node.uid)).toMatchObject({ phase: 'REMOVED', living: false });
  });

  test('a removal of a node that has no workflow any more, without starting one', async () => {
    await commit('remove');
    const record = api.get(ReconciliationStore);
    await eventually(async () =>
      expect((await record.unapplied([], 100)).map(({ uid }) => uid)).not.toContain(node.uid),
    );
    await expect(workflow().describe()).rejects.toBeInstanceOf(WorkflowNotFoundError);
  });

  test('decisions and heartbeats that came while it was away itself', async () => {
    await lifecycles.ensureStarted(node);
    await applied(1);
    await worker.close();
    await lifecycles.signalDecision(await commit('deactivate'));
    await api
      .get(HeartbeatStore)
      .record([{ uid: node.uid, lastSeen: Date.now(), bootId: 'b', seq: 1, resources: RESOURCES }]);
    void signals.signalHeartbeat(node, { at: Date.now(), bootId: 'b' });
    worker = await startWorker(config);
    await eventually(async () =>
      expect(await nodes.findByUid(node.uid)).toMatchObject({
        applied: { seq: 2 },
        phase: 'DRAINED',
        liveness: 'HEALTHY',
      }),
    );
  });
});

describe('a census', () => {
  /** One that looks, and again when so much time has passed. */
  function census(laterMs: number): { take(): Promise<unknown> } {
    const clock = new ManualClock(Date.now());
    const workflows = api.get(LifecycleWorkflows);
    const stuck = new StuckLifecycles(
      lifecycles,
      workflows,
      api.get(TemporalProbe),
      clock,
      {
        log: () => undefined,
        warn: () => undefined,
      },
      new MetricRegistry(),
    );
    const taken = new WorkflowCensus(api.get(ReconciliationStore), nodes, lifecycles, workflows, stuck, clock);
    return {
      take: async () => {
        await taken.take();
        clock.advance(laterMs);
        return taken.take();
      },
    };
  }

  test('starts the workflow of a node that lost it, and it goes on from what it was', async () => {
    await lifecycles.ensureStarted(node);
    await commit('deactivate');
    const before = await applied(2);
    await workflow().terminate('Temporal’s database was lost');
    await eventually(async () => {
      await census(61_000).take();
      expect(await statusOf(workflow())).toBe('RUNNING');
    });
    await commit('deactivate');
    const after = await applied(3);
    expect(after.applied?.revision).toBeGreaterThan(before.applied?.revision ?? 0);
    expect(after).toMatchObject({ phase: 'DRAINED' });
  });

  /** What a late request of another replica may do. */
  async function startAfterRemoval(): Promise<void> {
    await commit('remove');
    await eventually(async () => expect(await api.get(ReconciliationStore).unapplied([], 100)).toEqual([]));
    await lifecycles.ensureStarted(node);
  }

  test('tells a workflow that outlived its node that it is over', async () => {
    await startAfterRemoval();
    await eventually(async () => {
      await census(61_000).take();
      expect(await statusOf(workflow())).toBe('COMPLETED');
    });
  });

  test('ends one that does not listen, and no workflow of anybody else', async () => {
    const { client } = temporal.env;
    await client.workflow.start('nobody', { workflowId: 'elsewhere', taskQueue: 'nobody-polls' });
    await startAfterRemoval();
    await eventually(async () => {
      await census(6 * 60_000).take();
      expect(await statusOf(workflow())).toBe('TERMINATED');
    });
    expect(await statusOf(client.workflow.getHandle('elsewhere'))).toBe('RUNNING');
  });
});

describe('reminders', () => {
  test('of a decision that cannot be applied come slower and slower', async () => {
    let told = 0;
    const deaf = {
      ensureStarted: async () => 'runs' as const,
      startHeard: async () => undefined,
      signalDecision: async () => void (told += 1),
      rebuild: async () => undefined,
    };
    class OneNode extends ReconciliationStore {
      unapplied = async (except: readonly string[]) => (except.includes(node.uid) ? [] : this.stillUnapplied());
      stillUnapplied = async () => [{ uid: node.uid, seq: node.decision.seq }];
      read = async () => [node];
      settle = async () => undefined;
      backlog = async () => ({ unapplied: 1, oldestMs: 0 });
      sessionDrifts = async () => [];
      endReportsOfRemoved = async () => undefined;
      mendLists = async () => 0;
      async *begun() {}
      async *told() {}
    }
    const clock = new ManualClock(Date.now());
    const workflows = api.get(LifecycleWorkflows);
    const stuck = new StuckLifecycles(
      deaf,
      workflows,
      api.get(TemporalProbe),
      clock,
      {
        log: () => undefined,
        warn: () => undefined,
      },
      new MetricRegistry(),
    );
    const reminder = new DecisionReminder(new OneNode(), api.get(HeartbeatStore), deaf, workflows, stuck, clock);
    for (let second = 0; second < 600; second += 1) {
      await reminder.pass();
      clock.advance(1_000);
    }
    // A life that has just begun is left in peace for a minute. Then at 61, 63, 67, 75, 91 and 123 s, and every minute from then on.
    expect(told).toBe(6 + 7);
  });
});

describe('the lease', () => {
  test('is one replica’s at a time, until it gives it back', async () => {
    const leases = api.get(LeaseStore);
    const tries = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (replica) => ((await leases.hold('test', replica, 60_000)) ? [replica] : [])),
    );
    const [holder, ...others] = tries.flat();
    expect(others).toEqual([]);
    if (holder === undefined) throw new Error('nobody has it');
    expect(await leases.hold('test', holder, 60_000)).toBe(true);
    expect(await leases.hold('test', 'e', 60_000)).toBe(false);
    await leases.release('test', 'e');
    expect(await leases.hold('test', 'e', 60_000)).toBe(false);
    await leases.release('test', holder);
    expect(await leases.hold('test', 'e', 0)).toBe(true);
    await eventually(async () => expect(await leases.hold('test', 'f', 60_000)).toBe(true));
  });
});
