import { fileURLToPath } from 'node:url';
import { randomUUID } from 'node:crypto';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { createActivities } from '../../activities/create-activities.js';
import { decide, firstDecision, type Decision, type DecisionAction, type DecisionContext } from '../../contract/decision.js';
import {
  HEARTBEAT_SIGNAL,
  LIFECYCLE_QUERY,
  LIFECYCLE_WORKFLOW,
  lifecycleWorkflowId,
  SESSION_CACHE_QUERY,
  SESSIONS_REPORTED_SIGNAL,
  type LifecycleInput,
  type LifecycleOutcome,
  type LifecycleView,
  type LivenessPolicy,
  type SessionCacheView,
} from '../../contract/lifecycle.js';
import type { CachedSession } from '../../contract/sessions.js';
import type { nodeLifecycle } from '../../workflows/index.js';
import { startTimeSkipping } from '../support/time-skipping.js';
import { RecordedWorld } from './recorded-world.js';

export const MINUTE = 60_000;
const TASK_QUEUE = 'lifecycle-tests';

export const POLICY: LivenessPolicy = { disconnectTimeoutMs: MINUTE, unknownTimeoutMs: 5 * MINUTE, removeAfterMs: 0 };

/** One time-skipping Temporal server and one worker for a file of tests; each test lives one node's life on it. */
export class LifecycleHarness {
  private constructor(
    readonly env: TestWorkflowEnvironment,
    private readonly stopServer: () => Promise<void>,
    private readonly worker: Worker,
    private readonly running: Promise<void>,
    private readonly worlds: Map<string, RecordedWorld>,
  ) {}

  static async start(): Promise<LifecycleHarness> {
    const { env, stop } = await startTimeSkipping();
    const worlds = new Map<string, RecordedWorld>();
    const world = (uid: string): RecordedWorld => {
      const found = worlds.get(uid);
      if (!found) throw new Error(`no world for ${uid}`);
      return found;
    };
    const forUid = (uid: string) => createActivities(world(uid));
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: TASK_QUEUE,
      workflowBundle: await lifecycleBundle(),
      activities: {
        projectNode: (projection) => forUid(projection.view.uid).projectNode(projection),
        removeNode: (request) => forUid(request.projection.view.uid).removeNode(request),
        lookForHeartbeat: (request) => forUid(request.uid).lookForHeartbeat(request),
        terminateSessions: (request) => forUid(request.uid).terminateSessions(request),
      } satisfies ReturnType<typeof createActivities>,
    });
    return new LifecycleHarness(env, stop, worker, worker.run(), worlds);
  }

  async stop(): Promise<void> {
    this.worker.shutdown();
    await this.running;
    await this.stopServer();
  }

  /** Starts a node's life: joined and approved, unless told otherwise. */
  async node(options: NodeOptions = {}): Promise<NodeUnderTest> {
    const uid = randomUUID();
    const nodeId = `node-${uid.slice(0, 8)}`;
    const now = await this.env.currentTimeMs();
    const policy = options.policy ?? POLICY;
    const world = new RecordedWorld(policy, () => this.env.currentTimeMs());
    this.worlds.set(uid, world);
    const decision = firstDecision({ at: now, by: 'tests', reason: '', registered: true, approval: 'APPROVED', ...options });
    const input: LifecycleInput = {
      nodeId,
      uid,
      type: options.type ?? 'Compute',
      decision,
      policy,
      terminationGraceMs: 30_000,
      maxRunEvents: options.maxRunEvents ?? 2_000,
      ...options.input,
    };
    const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
    const handle = await this.env.client.workflow.start<typeof nodeLifecycle>(LIFECYCLE_WORKFLOW, {
      workflowId: lifecycleWorkflowId(nodeId),
      taskQueue: TASK_QUEUE,
      args: [input],
      memo: { uid, nodeId, type: input.type },
      typedSearchAttributes: new TypedSearchAttributes([{ key: keyword('NodeType'), value: input.type }]),
    });
    return new NodeUnderTest(this.env, handle, world, input);
  }
}

interface NodeOptions {
  registered?: boolean;
  approval?: 'PENDING' | 'APPROVED';
  type?: LifecycleInput['type'];
  policy?: LivenessPolicy;
  maxRunEvents?: number;
  input?: Partial<LifecycleInput>;
}

/** One node's life as a test lives it: decisions with rising seq, heartbeats by Temporal's clock. */
export class NodeUnderTest {
  decision: Decision;
  bootId: string = randomUUID();

  constructor(
    private readonly env: TestWorkflowEnvironment,
    readonly handle: WorkflowHandle<typeof nodeLifecycle>,
    readonly world: RecordedWorld,
    readonly input: LifecycleInput,
  ) {
    this.decision = input.decision;
  }

  get uid(): string {
    return this.input.uid;
  }

  now(): Promise<number> {
    return this.env.currentTimeMs();
  }

  /** Lets `ms` of Temporal's time pass. */
  async pass(ms: number): Promise<void> {
    await this.env.sleep(ms);
  }

  /** Takes a decision as the api does: the whole desired state, one seq later. */
  async decide(action: DecisionAction, context: Partial<DecisionContext> = {}): Promise<Decision> {
    this.decision = decide(this.decision, action, { at: await this.now(), by: 'admin', reason: '', ...context });
    await this.signalDecision(action, this.decision);
    return this.decision;
  }

  async signalDecision(action: DecisionAction, decision: Decision, uid: string = this.uid): Promise<void> {
    await this.handle.signal(action, { uid, action, decision });
  }

  async beat(at?: number): Promise<void> {
    // Temporal's clock has whole milliseconds: the beat must come after the approval, not with it.
    if (at === undefined) await this.pass(1);
    await this.handle.signal(HEARTBEAT_SIGNAL, { uid: this.uid, at: at ?? (await this.now()), bootId: this.bootId });
  }

  /** Beats `times` times, one every `everyMs`. */
  async keepBeating(times: number, everyMs = 15_000): Promise<void> {
    for (let beat = 0; beat < times; beat += 1) {
      await this.pass(everyMs);
      await this.beat(await this.now());
    }
  }

  async report(...ids: string[]): Promise<void> {
    const at = await this.now();
    const sessions: CachedSession[] = ids.map((id) => ({ id, principal: 'ada', statement: 'select 1', state: 'RUNNING', startedAt: at }));
    await this.handle.signal(SESSIONS_REPORTED_SIGNAL, { uid: this.uid, at, bootId: this.bootId, sessions });
  }

  view(): Promise<LifecycleView> {
    return this.handle.query<LifecycleView>(LIFECYCLE_QUERY);
  }

  sessionCache(): Promise<SessionCacheView> {
    return this.handle.query<SessionCacheView>(SESSION_CACHE_QUERY);
  }

  /** The view once the workflow has told the world everything up to now. */
  async settled(): Promise<LifecycleView> {
    for (let tries = 0; tries < 500; tries += 1) {
      const view = await this.view();
      if (this.world.latest?.view.revision === view.revision) return view;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error('the workflow never settled');
  }

  outcome(): Promise<LifecycleOutcome> {
    return this.handle.result();
  }
}

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;

function lifecycleBundle(): Promise<WorkflowBundleWithSourceMap> {
  bundle ??= bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
    }),
  });
  return bundle;
}
