import { afterAll, beforeAll, expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import { HEARTBEAT_SIGNAL, lifecycleWorkflowId } from '../../../contract/lifecycle.js';
import { Lifecycles } from '../../../src/lifecycle/lifecycles.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { eventually } from '../../support/eventually.js';
import { change, newNode } from '../../support/mongo/node-fixtures.js';
import { useOwnMongod } from '../../support/servers/mongod.js';
import { startWorker, useParts, type Part } from '../../support/temporal/control-plane.js';

const { CommandType, TaskQueueKind, WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;

const {
  temporal,
  config,
  client: api,
} = useParts({ 'Orchestrator.NodeManager.DisconnectTimeout': '1h' }, useOwnMongod());
let nodes: NodeStore;
let lifecycles: Lifecycles;
let worker: Part | undefined;
beforeAll(async () => {
  nodes = api.get(NodeStore);
  lifecycles = api.get(Lifecycles);
  worker = await startWorker(config);
});
afterAll(() => worker?.close());

const record = async (uid: string) => (await nodes.findByUid(uid)) as NodeRecord;
const workflowOf = ({ name }: NodeRecord) => temporal.env.client.workflow.getHandle(lifecycleWorkflowId(name));

async function healthyNode(name: string): Promise<NodeRecord> {
  const node = await nodes.create(newNode(name, { at: Date.now() }), []);
  await lifecycles.ensureStarted(node);
  await workflowOf(node).signal(HEARTBEAT_SIGNAL, { uid: node.uid, at: Date.now(), bootId: 'b' });
  return eventually(async () => {
    const known = await record(node.uid);
    expect(known).toMatchObject({ liveness: 'HEALTHY' });
    return known;
  }, 60_000);
}

/** Completes the workflow's next task as no version of the worker would: its history does not replay from then on. */
async function breakHistory(node: NodeRecord): Promise<void> {
  const { connection } = temporal.env;
  const { workflowService } = connection;
  const { namespace } = temporal.env.client.options;
  await workflowOf(node).signal(HEARTBEAT_SIGNAL, { uid: node.uid, at: Date.now(), bootId: 'b' });
  const taskQueue = { name: config.Orchestrator.Temporal.TaskQueue, kind: TaskQueueKind.TASK_QUEUE_KIND_NORMAL };
  const task = await eventually(async () => {
    const polled = await connection.withDeadline(Date.now() + 20_000, () =>
      workflowService.pollWorkflowTaskQueue({ namespace, taskQueue, identity: 'a stranger' }),
    );
    expect(polled.workflowExecution?.workflowId).toBe(lifecycleWorkflowId(node.name));
    return polled;
  }, 60_000);
  await workflowService.respondWorkflowTaskCompleted({
    namespace,
    taskToken: task.taskToken,
    commands: [
      {
        commandType: CommandType.COMMAND_TYPE_START_TIMER,
        startTimerCommandAttributes: {
          timerId: 'no timer of the workflow',
          startToFireTimeout: { nanos: 999_999_999 },
        },
      },
    ],
  });
}

test('a lifecycle whose history does not replay is rebuilt from the record, by its next decision or by the census', async () => {
  const [decided, undecided] = [await healthyNode('decided'), await healthyNode('undecided')];
  await worker?.close();
  await breakHistory(decided);
  await breakHistory(undecided);
  const [runOfDecided, runOfUndecided] = [
    (await workflowOf(decided).describe()).runId,
    (await workflowOf(undecided).describe()).runId,
  ];
  await nodes.commitDecision(change(decided, 'deactivate', 'its workflow is broken', Date.now()));
  worker = await startWorker(config);
  await eventually(async () => {
    expect(await record(decided.uid)).toMatchObject({
      applied: { seq: 2 },
      phase: 'DRAINED',
      liveness: 'HEALTHY',
    });
  }, 120_000);
  // A beat wakes the other one, which fails; the census finds out.
  await workflowOf(undecided).signal(HEARTBEAT_SIGNAL, { uid: undecided.uid, at: Date.now(), bootId: 'b' });
  await eventually(
    async () => expect((await workflowOf(undecided).describe()).runId).not.toBe(runOfUndecided),
    180_000,
  );
  expect((await workflowOf(decided).describe()).runId).not.toBe(runOfDecided);
  await eventually(async () => {
    const { applied, liveness } = await record(undecided.uid);
    expect(liveness).toBe('HEALTHY');
    expect(applied?.revision).toBeGreaterThan(undecided.applied?.revision ?? Infinity);
  }, 60_000);
  const { events } = await temporal.env.client.workflow
    .getHandle(lifecycleWorkflowId(decided.name), runOfDecided)
    .fetchHistory();
  expect(
    events?.find((event) => event.workflowTaskFailedEventAttributes)?.workflowTaskFailedEventAttributes?.cause,
  ).toBe(WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR);
}, 600_000);
