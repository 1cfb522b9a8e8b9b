import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { decide, type Decision, type DecisionAction, type DecisionContext } from '../../../contract/decision.js';
import type { NodeCondition } from '../../../contract/fitness.js';
import {
  CONDITIONS_CHANGED_SIGNAL,
  HEARTBEAT_SIGNAL,
  LIFECYCLE_QUERY,
  OPEN_SESSION_UPDATE,
  SESSION_CACHE_QUERY,
  SESSIONS_REPORTED_SIGNAL,
  SILENCE_NOTICED_SIGNAL,
  TERMINATE_SESSION_UPDATE,
  type LifecycleInput,
  type LifecycleOutcome,
  type LifecycleView,
  type SessionCacheView,
  type TerminateSessionUpdate,
} from '../../../contract/lifecycle.js';
import type { Phase } from '../../../contract/phase.js';
import { NO_RESOURCES, type CachedSession, type SessionResources } from '../../../contract/sessions.js';
import type { nodeLifecycle } from '../../../workflows/index.js';
import { outcomeOfUpdate, signalAcrossRuns } from './across-runs.js';
import type { Port, InMemoryPorts } from './in-memory-ports.js';
import { untilAnswered } from './until-answered.js';

const GIBIBYTE = 1_024 ** 3;
/** The node's capacity for sessions, unless a test sets another. */
const CAPACITY: SessionResources = { cpu: 4, memory: 8 * GIBIBYTE, disk: 100 * GIBIBYTE, gpu: 1 };

/** One node: decisions with rising seq, heartbeats by Temporal's clock. */
export class NodeUnderTest {
  decision: Decision;
  bootId: string = randomUUID();

  constructor(
    private readonly env: TestWorkflowEnvironment,
    readonly handle: WorkflowHandle<typeof nodeLifecycle>,
    readonly ports: InMemoryPorts,
    readonly input: LifecycleInput,
    readonly firstRunId: string,
  ) {
    this.decision = input.decision;
    ports.fitness.record = this;
    ports.plans.record = this;
  }

  get uid(): string {
    return this.input.uid;
  }

  now(): Promise<number> {
    return this.env.currentTimeMs();
  }

  /** Lets `ms` of Temporal's time pass; one call at a time, since there is one clock. */
  async pass(ms: number): Promise<void> {
    await this.env.sleep(ms);
  }

  /** Commits a decision like the api, by compare-and-set in MongoDB, without signalling the workflow. */
  async commit(action: DecisionAction, context: Partial<DecisionContext> = {}): Promise<Decision> {
    this.decision = decide(this.decision, action, { at: await this.now(), by: 'admin', reason: '', ...context });
    this.ports.committedSeq = this.decision.seq;
    return this.decision;
  }

  /** Makes a decision like the api: commits it, then signals the whole desired state. */
  async decide(action: DecisionAction, context: Partial<DecisionContext> = {}): Promise<Decision> {
    const decision = await this.commit(action, context);
    await this.signalDecision(decision);
    return decision;
  }

  /** @param options.again as the reconciler signals it */
  async signalDecision(
    decision: Decision,
    { uid = this.uid, again = false }: { uid?: string; again?: boolean } = {},
  ): Promise<void> {
    await signalAcrossRuns(this.handle, decision.action, {
      uid,
      action: decision.action,
      decision,
      ...(again && { again }),
    });
  }

  /** A heartbeat that the api records and forwards. */
  async beat({ at, uid = this.uid }: { at?: number; uid?: string } = {}): Promise<void> {
    // Temporal's clock has whole milliseconds: the beat must come after the approval, not with it.
    if (at === undefined) await this.pass(1);
    const moment = at ?? (await this.now());
    if (uid === this.uid) this.ports.record(moment, this.bootId);
    await signalAcrossRuns(this.handle, HEARTBEAT_SIGNAL, { uid, at: moment, bootId: this.bootId });
  }

  /** A heartbeat that the api records, and does not forward because the fleet is large. */
  async beatUnsignalled(): Promise<void> {
    this.ports.record(await this.now(), this.bootId);
  }

  /** Beats `times` times, once every `everyMs`. */
  async keepBeating(times: number, everyMs = 15_000): Promise<void> {
    for (let beat = 0; beat < times; beat += 1) {
      await this.pass(everyMs);
      await this.beat({ at: await this.now() });
    }
  }

  /** A report of the node's sessions, which is a heartbeat too. */
  async report(
    ids: string[],
    { at, uid = this.uid, ended }: { at?: number; uid?: string; ended?: string[] } = {},
  ): Promise<void> {
    if (at === undefined) await this.pass(1);
    const moment = at ?? (await this.now());
    if (uid === this.uid) this.ports.record(moment, this.bootId);
    const sessions: CachedSession[] = ids.map((id) => ({
      id,
      principal: 'ada',
      statement: 'select 1',
      state: 'RUNNING',
      startedAt: moment,
    }));
    await signalAcrossRuns(this.handle, SESSIONS_REPORTED_SIGNAL, {
      uid,
      at: moment,
      bootId: this.bootId,
      sessions,
      ...(ended && { ended }),
    });
  }

  /** A report of exactly these sessions, whenever they began. */
  async reportAgain(sessions: CachedSession[]): Promise<void> {
    const at = await this.now();
    this.ports.record(at, this.bootId);
    await signalAcrossRuns(this.handle, SESSIONS_REPORTED_SIGNAL, { uid: this.uid, at, bootId: this.bootId, sessions });
  }

  /** The phase that people are shown. */
  phase(): Phase {
    return this.ports.latest?.view.phase ?? 'REGISTERED';
  }

  /** Sets the results of the node's checks: the api stores them, and signals the workflow. */
  async says(statuses: Record<string, NodeCondition['status']>): Promise<void> {
    await this.saysUntold(statuses);
    await this.tellConditions();
  }

  /** The same with a lost signal. */
  async saysUntold(statuses: Record<string, NodeCondition['status']>): Promise<void> {
    const since = await this.now();
    const { fitness } = this.ports;
    const before = new Map(fitness.conditions.map((condition) => [condition.type, condition]));
    for (const [type, status] of Object.entries(statuses)) {
      const known = before.get(type);
      if (known?.status !== status)
        before.set(type, { type, status, since, reason: 'Said', message: `${type} is ${status}`, by: 'built-in' });
    }
    fitness.conditions = [...before.values()];
  }

  async tellConditions(uid: string = this.uid): Promise<void> {
    await signalAcrossRuns(this.handle, CONDITIONS_CHANGED_SIGNAL, { uid });
  }

  /** The sweeper has found the node silent in the record. */
  async noticeSilence(uid: string = this.uid): Promise<void> {
    await signalAcrossRuns(this.handle, SILENCE_NOTICED_SIGNAL, { uid });
  }

  /** Asks the node to take a session. @returns `accepted`, or the type of its refusal */
  async open(
    id: string,
    resources: Partial<SessionResources> = {},
    { uid = this.uid, capacity = CAPACITY }: { uid?: string; capacity?: SessionResources } = {},
  ): Promise<string> {
    const session = { id, principal: 'ada', statement: 'select 1', resources: { ...NO_RESOURCES, ...resources } };
    return outcomeOfUpdate(this.handle, OPEN_SESSION_UPDATE, { uid, session, capacity });
  }

  /** Asks for a session's end. @returns `accepted`, or the type of its refusal */
  async terminate(sessionId: string, options: Partial<TerminateSessionUpdate> = {}): Promise<string> {
    return outcomeOfUpdate(this.handle, TERMINATE_SESSION_UPDATE, {
      uid: this.uid,
      sessionId,
      by: 'ada',
      reason: '',
      ...options,
    });
  }

  view(): Promise<LifecycleView> {
    return this.handle.query<LifecycleView>(LIFECYCLE_QUERY);
  }

  sessionCache(): Promise<SessionCacheView> {
    return this.handle.query<SessionCacheView>(SESSION_CACHE_QUERY);
  }

  /** The view once the workflow has reported everything so far to its ports. */
  settled(): Promise<LifecycleView> {
    return this.until(() => true);
  }

  /** The view once it fulfils `condition` and was reported to the ports. Not queried earlier, see {@link caughtUp}. */
  async until(condition: (view: LifecycleView) => boolean): Promise<LifecycleView> {
    return untilAnswered(async () => {
      if (this.ports.latest === undefined || !condition(this.ports.latest.view)) return undefined;
      await this.caughtUp();
      const view = await this.view();
      return this.ports.latest?.view.revision === view.revision && condition(view) ? view : undefined;
    }, 'the node never came to what is expected');
  }

  /** The same if the workflow waits for retries or timers: advances Temporal's time a second at a time. */
  async untilInTime(condition: (view: LifecycleView) => boolean): Promise<LifecycleView> {
    return untilAnswered(async () => {
      await this.pass(1_000);
      const view = await this.view();
      return this.ports.latest?.view.revision === view.revision && condition(view) ? view : undefined;
    }, 'the node never came to what is expected');
  }

  /** The workflow's current details in the Temporal Web UI. */
  async currentDetails(): Promise<string> {
    const { currentDetails } = await this.handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    return currentDetails ?? '';
  }

  /** Resolves when `port` has been called `times` times; for use with the ports' `hold`. */
  async reached(port: Port, times = 1): Promise<void> {
    await untilAnswered(async () => this.ports.calls(port) >= times || undefined, `nothing reached ${port}`);
  }

  outcome(): Promise<LifecycleOutcome> {
    return this.handle.result();
  }

  /** Number of events per kind in the current run's history, by the name of their attributes: `timerStarted`. */
  async eventCounts(): Promise<Record<string, number>> {
    const { events } = await this.handle.fetchHistory();
    const counts: Record<string, number> = {};
    for (const event of events ?? []) {
      const kind = (event.attributes ?? '').replace('EventAttributes', '');
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    return counts;
  }

  /**
   * Waits until the workflow has handled all signals, since a server refuses to end a run while they pour in. (Reads the history,
   * since the time-skipping server never answers a query that coincides with a run's end.)
   */
  async caughtUp(): Promise<void> {
    await untilAnswered(async () => {
      const { events } = await this.handle.fetchHistory();
      const last = events?.at(-1)?.attributes;
      return last === 'workflowTaskScheduledEventAttributes' || last === 'workflowTaskStartedEventAttributes'
        ? undefined
        : true;
    }, 'the workflow never caught up');
  }

  /** History of the first run. */
  firstRun(): ReturnType<WorkflowHandle['fetchHistory']> {
    return this.history(this.firstRunId);
  }

  /** History of one run, finished or so far. */
  history(runId?: string): ReturnType<WorkflowHandle['fetchHistory']> {
    return this.env.client.workflow.getHandle(this.handle.workflowId, runId).fetchHistory();
  }
}
