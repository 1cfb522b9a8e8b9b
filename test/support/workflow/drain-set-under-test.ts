import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { createDrainSetActivities } from '../../../activities/drain-set-activities.js';
import {
  AGENT_UPDATE_WORKFLOW,
  DRAIN_SET_PROGRESS_QUERY,
  DRAIN_SET_WORKFLOW,
  drainSetWorkflowId,
  type DrainSetInput,
  type DrainSetProgress,
  type DrainSetWish,
} from '../../../contract/drain-set.js';
import { WINDOW_SIGNAL } from '../../../contract/maintenance-window.js';
import type { drainSet } from '../../../workflows/index.js';
import { InMemoryDrainSetPorts } from './in-memory-drain-set-ports.js';
import { countedBundle } from './lifecycle-bundle.js';
import type { LifecycleHarness } from './lifecycle-harness.js';
import type { NodeUnderTest } from './node-under-test.js';
import { untilAnswered } from './until-answered.js';
import { bringingHome } from './workflow-coverage.js';

interface Options extends Partial<Pick<DrainSetInput, 'maxUnavailable' | 'maxRunEvents' | 'update' | 'window'>> {
  /** The last ruling before its workflow started, if it is not the first one. */
  ruled?: DrainSetWish;
  /** Time before which no node starts, in milliseconds from now. */
  beginsInMs?: number;
  /** How long its window is open from its start, in milliseconds. */
  openForMs?: number;
}

/** One drain set, with a worker of its own beside that of its nodes. */
export class DrainSetUnderTest {
  #seq = 1;

  private constructor(
    private readonly harness: LifecycleHarness,
    readonly handle: WorkflowHandle<typeof drainSet>,
    private readonly worker: Worker,
    private readonly running: Promise<void>,
    readonly ports: InMemoryDrainSetPorts,
    readonly firstRunId: string,
  ) {}

  static async start(
    harness: LifecycleHarness,
    nodes: readonly NodeUnderTest[],
    { maxUnavailable = 1, maxRunEvents = 2_000, ruled, update, beginsInMs, window, openForMs }: Options = {},
  ): Promise<DrainSetUnderTest> {
    const id = randomUUID().slice(0, 8);
    const ports = new InMemoryDrainSetPorts(id, maxUnavailable, () => harness.env.currentTimeMs());
    for (const node of nodes) ports.add(node);
    ports.isUpdate = update !== undefined;
    ports.hasWindow = window !== undefined;
    const taskQueue = `drain-set-${id}`;
    const worker = await Worker.create({
      connection: harness.env.nativeConnection,
      taskQueue,
      workflowBundle: await countedBundle(),
      activities: { ...createDrainSetActivities(ports) },
      shutdownGraceTime: 0,
      ...bringingHome(),
    });
    const running = worker.run();
    const at = await harness.env.currentTimeMs();
    if (openForMs !== undefined) ports.openUntil = at + openForMs;
    const input: DrainSetInput = {
      ...{
        id,
        by: 'ada',
        reason: 'new kernel',
        labels: ['pool=a'],
        maxUnavailable,
        patienceMs: null,
        onDeadline: 'wait',
        revision: 0,
        maxRunEvents,
      },
      ...(update && { update }),
      ...(window !== undefined && { window }),
      ...(beginsInMs !== undefined && { notBefore: at + beginsInMs }),
      ruling: ruled ? { seq: 2, value: ruled, at, by: 'bob' } : { seq: 1, value: 'resume', at, by: 'ada' },
      members: nodes.map(({ uid, input: { nodeId } }) => ({
        uid,
        name: nodeId,
        state: 'QUEUED',
        since: at,
        reason: '',
      })),
    };
    ports.ruling = input.ruling;
    const handle = await harness.env.client.workflow.start<typeof drainSet>(
      update ? AGENT_UPDATE_WORKFLOW : DRAIN_SET_WORKFLOW,
      {
        workflowId: drainSetWorkflowId(id, update),
        taskQueue,
        args: [input],
        memo: { id },
      },
    );
    const set = new DrainSetUnderTest(harness, handle, worker, running, ports, handle.firstExecutionRunId);
    set.#seq = input.ruling.seq;
    return set;
  }

  async stop(): Promise<void> {
    this.worker.shutdown();
    await this.running;
  }

  /** Rules like the api: in the record first, then by signal, unless that is lost. */
  async rule(value: DrainSetWish, { told = true } = {}): Promise<void> {
    this.#seq = Math.max(this.#seq, this.ports.ruling?.seq ?? 0) + 1;
    const ruling = { seq: this.#seq, value, at: await this.harness.env.currentTimeMs(), by: 'bob' };
    this.ports.ruling = ruling;
    if (told) await this.handle.signal(value, ruling);
  }

  /** Opens its window, or extends it: in the record first, then by signal. */
  async opens(forMs: number): Promise<void> {
    this.ports.openUntil = (await this.harness.env.currentTimeMs()) + forMs;
    await this.handle.signal(WINDOW_SIGNAL);
  }

  /** Closes its window, likewise. */
  async closes(): Promise<void> {
    this.ports.openUntil = undefined;
    await this.handle.signal(WINDOW_SIGNAL);
  }

  /** The history of the set's first run. */
  firstRun(): ReturnType<WorkflowHandle['fetchHistory']> {
    return this.harness.env.client.workflow.getHandle(this.handle.workflowId, this.firstRunId).fetchHistory();
  }

  progress(): Promise<DrainSetProgress> {
    return this.handle.query<DrainSetProgress>(DRAIN_SET_PROGRESS_QUERY);
  }

  /** Resolves when the nodes have these states, as people see them, in the order of their turns. */
  async shows(...states: string[]): Promise<void> {
    const seen = () => this.ports.members.map(({ state }) => state);
    await untilAnswered(async () => {
      if (seen().join() === states.join()) return true;
      await this.harness.env.sleep(1_000);
      return undefined;
    }, `expected ${states.join()}`).catch((error: Error) => {
      throw new Error(`${error.message}, and it stays ${seen().join()}`);
    });
  }
}
