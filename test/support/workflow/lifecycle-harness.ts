import { randomUUID } from 'node:crypto';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createActivities } from '../../../activities/create-activities.js';
import { decide, firstDecision, type DecisionAction } from '../../../contract/decision.js';
import {
  LIFECYCLE_WORKFLOW,
  lifecycleWorkflowId,
  type LifecycleInput,
  type LivenessPolicy,
} from '../../../contract/lifecycle.js';
import type { nodeLifecycle } from '../../../workflows/index.js';
import '../quiet-runtime.js';
import { startTemporal } from '../servers/temporal.js';
import { startTimeSkipping } from '../servers/time-skipping.js';
import { useInSuite } from '../use-in-suite.js';
import { countedBundle } from './lifecycle-bundle.js';
import { NodeUnderTest } from './node-under-test.js';
import { InMemoryPorts } from './in-memory-ports.js';
import { bringingHome } from './workflow-coverage.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const TASK_QUEUE = 'lifecycle-tests';

export const POLICY: LivenessPolicy = { disconnectTimeoutMs: MINUTE, unknownTimeoutMs: 5 * MINUTE, removeAfterMs: 0 };
export const TERMINATION_GRACE_MS = 30 * SECOND;

/** The beginning of a node's life: joined and approved, unless set otherwise. */
export interface NodeOptions {
  registered?: boolean;
  approval?: 'PENDING' | 'APPROVED';
  type?: LifecycleInput['type'];
  policy?: Partial<LivenessPolicy>;
  maxRunEvents?: number;
  firstLookMs?: number;
  /** Of an ephemeral node. */
  removeAfterMs?: number;
  /** How long ago its first decision was taken, in milliseconds. */
  decidedAgoMs?: number;
  carried?: LifecycleInput['carried'];
  /** The last decision before its workflow started, if it is not the first one. */
  decided?: DecisionAction;
  /** Ports that are blocked from the beginning. */
  held?: Parameters<InMemoryPorts['hold']>[0];
}

export interface HarnessOptions {
  /** 0 makes the worker replay a workflow's whole history for each of its tasks. */
  maxCachedWorkflows?: number;
  /** Temporal's own server, which cannot skip time, for tests in which the time-skipping one behaves differently. */
  realServer?: boolean;
  /** Of the real server. */
  dynamicConfig?: readonly string[];
}

/** One Temporal server and one worker for a test file; each test has one node. */
export class LifecycleHarness {
  readonly #portsByUid = new Map<string, InMemoryPorts>();
  #worker: Worker | undefined;
  #running: Promise<void> = Promise.resolve();

  private constructor(
    readonly env: TestWorkflowEnvironment,
    private readonly options: HarnessOptions,
  ) {}

  static async start(options: HarnessOptions = {}): Promise<LifecycleHarness> {
    const env = options.realServer
      ? (await startTemporal({ dynamicConfig: options.dynamicConfig ?? [] })).env
      : await startTimeSkipping();
    const harness = new LifecycleHarness(env, options);
    await harness.startWorker();
    return harness;
  }

  async stop(): Promise<void> {
    await this.stopWorker();
    await this.env.teardown();
  }

  async startWorker(): Promise<void> {
    const { maxCachedWorkflows = 100 } = this.options;
    this.#worker = await Worker.create({
      connection: this.env.nativeConnection,
      taskQueue: TASK_QUEUE,
      workflowBundle: await countedBundle(),
      activities: this.#activities(),
      shutdownGraceTime: 0,
      maxCachedWorkflows,
      ...bringingHome(),
    });
    this.#running = this.#worker.run();
  }

  async stopWorker(): Promise<void> {
    this.#worker?.shutdown();
    await this.#running;
  }

  /** Starts a node's lifecycle. */
  async node(options: NodeOptions = {}): Promise<NodeUnderTest> {
    const {
      registered = true,
      approval = 'APPROVED',
      type = 'Compute',
      maxRunEvents = 2_000,
      firstLookMs,
      removeAfterMs,
      decidedAgoMs = 0,
      carried,
      decided,
      held,
    } = options;
    const uid = randomUUID();
    const nodeId = `node-${uid.slice(0, 8)}`;
    const policy = { ...POLICY, ...options.policy };
    const ports = new InMemoryPorts(policy, () => this.env.currentTimeMs());
    if (held) ports.hold(held);
    this.#portsByUid.set(uid, ports);
    const at = (await this.env.currentTimeMs()) - decidedAgoMs;
    const first = firstDecision({ at, by: 'tests', reason: 'made by a test', registered, approval });
    const input: LifecycleInput = {
      nodeId,
      uid,
      type,
      decision: decided ? decide(first, decided, { at, by: 'admin', reason: 'decided before it began' }) : first,
      policy,
      terminationGraceMs: TERMINATION_GRACE_MS,
      maxRunEvents,
      ...(firstLookMs !== undefined && { firstLookMs }),
      ...(removeAfterMs !== undefined && { removeAfterMs }),
      ...(carried && { carried }),
    };
    const nodeType = defineSearchAttributeKey('NodeType', SearchAttributeType.KEYWORD);
    const handle = await this.env.client.workflow.start<typeof nodeLifecycle>(LIFECYCLE_WORKFLOW, {
      workflowId: lifecycleWorkflowId(nodeId),
      taskQueue: TASK_QUEUE,
      args: [input],
      memo: { uid, nodeId, type },
      typedSearchAttributes: new TypedSearchAttributes([{ key: nodeType, value: type }]),
    });
    return new NodeUnderTest(this.env, handle, ports, input, handle.firstExecutionRunId);
  }

  /** One worker serves every test's node, each with ports of its own. */
  #activities(): ReturnType<typeof createActivities> {
    const portsOf = (uid: string) => {
      const ports = this.#portsByUid.get(uid);
      if (!ports) throw new Error(`no ports for ${uid}`);
      return createActivities(ports);
    };
    return {
      projectNode: (projection) => portsOf(projection.view.uid).projectNode(projection),
      removeNode: (request) => portsOf(request.projection.view.uid).removeNode(request),
      reconcileNode: (request) => portsOf(request.uid).reconcileNode(request),
      lookForHeartbeat: (request) => portsOf(request.uid).lookForHeartbeat(request),
      judgeFitness: (request) => portsOf(request.uid).judgeFitness(request),
      keepPlan: (request) => portsOf(request.uid).keepPlan(request),
      terminateSessions: (request) => portsOf(request.uid).terminateSessions(request),
    };
  }
}

/** Such a server and worker for the tests of a file. */
export function useHarness(options: HarnessOptions = {}): LifecycleHarness {
  return useInSuite(
    () => LifecycleHarness.start(options),
    (harness) => harness.stop(),
  );
}
