import { beforeAll, expect, test } from '@jest/globals';
import { HEARTBEAT_SIGNAL, lifecycleWorkflowId } from '../../../contract/lifecycle.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { LifecycleRefused } from '../../../src/lifecycle/lifecycle-signals.js';
import { Lifecycles } from '../../../src/lifecycle/lifecycles.js';
import { LifecycleWorkflows } from '../../../src/lifecycle/lifecycle-workflows.js';
import { change, newNode } from '../../support/mongo/node-fixtures.js';
import { eventually } from '../../support/eventually.js';
import { useTemporal } from '../../support/servers/temporal.js';
import { useParts, useWorker } from '../../support/temporal/control-plane.js';
import { useOwnMongod } from '../../support/servers/mongod.js';

/** Temporal's limit is 10,000; a run that is stuck comes to it. */
const MOST_SIGNALS = 20;

const {
  temporal,
  config,
  client: api,
} = useParts(
  { 'Orchestrator.NodeManager.DisconnectTimeout': '1h' },
  useOwnMongod(),
  useTemporal({ dynamicConfig: [`history.maximumSignalsPerExecution=${MOST_SIGNALS}`] }),
);
useWorker(config);
let nodes: NodeStore;
let lifecycles: Lifecycles;
beforeAll(() => {
  nodes = api.get(NodeStore);
  lifecycles = api.get(Lifecycles);
});

/** A node whose workflow takes no signals any more. */
async function stuckNode(name: string): Promise<NodeRecord> {
  const node = await nodes.create(newNode(name, { at: Date.now() }), []);
  await applied(node, 1);
  const workflow = temporal.env.client.workflow.getHandle(lifecycleWorkflowId(name));
  for (let count = 0; count < MOST_SIGNALS; count += 1)
    await workflow.signal(HEARTBEAT_SIGNAL, { uid: node.uid, at: Date.now(), bootId: 'b' });
  await expect(lifecycles.signalDecision(node)).rejects.toBeInstanceOf(LifecycleRefused);
  return eventually(async () => {
    const found = await nodes.findByUid(node.uid);
    expect(found?.liveness).toBe('HEALTHY');
    return found as NodeRecord;
  });
}

async function commit(node: NodeRecord, action: 'deactivate' | 'remove'): Promise<void> {
  const decided = await nodes.commitDecision(change(node, action, 'no signal follows', Date.now()));
  if (decided === 'conflict') throw new Error(decided);
}

const applied = ({ uid }: NodeRecord, seq: number) =>
  eventually(async () => expect((await nodes.findByUid(uid))?.applied?.seq).toBe(seq), 60_000);

test('a lifecycle at Temporal’s limit of signals is made anew from the record, others are told meanwhile, and a removed one’s is ended', async () => {
  const [stuck, removed, other] = [
    await stuckNode('stuck'),
    await stuckNode('removed'),
    await nodes.create(newNode('other', { at: Date.now() }), []),
  ];
  await applied(other, 1);
  await commit(stuck, 'deactivate');
  await commit(removed, 'remove');
  await commit((await nodes.findByUid(other.uid)) as NodeRecord, 'deactivate');
  await applied(other, 2);
  await applied(stuck, 2);
  const after = (await nodes.findByUid(stuck.uid)) as NodeRecord;
  // It goes on from what the record knew: alive, and by the same boot.
  expect(after).toMatchObject({ phase: 'DRAINED', liveness: 'HEALTHY', applied: { view: { bootId: 'b' } } });
  expect(after.applied?.revision).toBeGreaterThan(stuck.applied?.revision ?? Infinity);
  await lifecycles.signalDecision(after);
  await eventually(async () => expect(await api.get(LifecycleWorkflows).incarnationOf('removed')).toBeNull(), 60_000);
}, 300_000);
