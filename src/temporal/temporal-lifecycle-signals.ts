import { Inject, Injectable } from '@nestjs/common';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common';
import {
  HEARTBEAT_SIGNAL,
  LIFECYCLE_QUERY,
  LIFECYCLE_WORKFLOW,
  OPEN_SESSION_UPDATE,
  TERMINATE_SESSION_UPDATE,
  lifecycleWorkflowId,
  SESSION_CACHE_QUERY,
  SESSIONS_REPORTED_SIGNAL,
  type DecisionSignal,
  type HeartbeatSignal,
  type LifecycleView,
  type OpenSessionUpdate,
  type TerminateSessionUpdate,
  type SessionCacheView,
  type SessionsReportedSignal,
} from '../../contract/lifecycle.js';
import { decide } from '../../contract/decision.js';
import type { PlacementRefusal } from '../../contract/placement.js';
import type { CachedSession } from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { BoundedCache } from '../mechanics/bounded-cache.js';
import { Clock } from '../mechanics/clock.js';
import { nodeEvent } from '../record/node-event.js';
import { NodeStore, type NodeRecord } from '../record/node-store.js';
import { fitIntoSignal } from '../lifecycle/fit-into-signal.js';
import { SessionStore } from '../sessions/session-store.js';
import { LIFECYCLE_SETTINGS } from '../lifecycle/lifecycle-settings.js';
import { lifecycleInput, type LifecycleSettings } from '../lifecycle/lifecycle-input.js';
import {
  LifecycleIdTaken,
  LifecycleSignals,
  LifecycleUnavailable,
  type NodeAddress,
  type SpokenForNode,
} from '../lifecycle/lifecycle-signals.js';
import { LifecycleWorkflows } from '../lifecycle/lifecycle-workflows.js';
import { startOptions } from './start-options.js';
import { updateAcrossRuns } from './update-across-runs.js';
import { ClaimedTemporal } from './claimed-temporal.js';

/** Heartbeats on their way to Temporal at the same time; more are dropped, since the record has them all. */
const MAX_HEARTBEATS_UNDER_WAY = 64;

/** A node that was made so short a time ago, and whose workflow has said nothing, has had none. In milliseconds. */
const SURELY_NEW_MS = 60_000;
const REMEMBERED_NODES = 50_000;

@Injectable()
export class TemporalLifecycleSignals extends LifecycleSignals {
  private heartbeatsUnderWay = 0;
  /**
   * Nodes whose workflow is yet to be started, which then is told of their heartbeats in the same step: asking for it with
   * each heartbeat of a crowd that waits would take Temporal more than the starts.
   */
  private readonly notStarted = new BoundedCache<string, true>(REMEMBERED_NODES);

  constructor(
    private readonly client: ClaimedTemporal,
    private readonly workflows: LifecycleWorkflows,
    private readonly nodes: NodeStore,
    private readonly sessions: SessionStore,
    @Inject(LIFECYCLE_SETTINGS) private readonly settings: LifecycleSettings,
    @Inject(FleetSize) private readonly fleet: Pick<FleetSize, 'current'>,
    private readonly clock: Clock,
  ) {
    super();
  }

  async ensureStarted(node: NodeRecord): Promise<'started' | 'runs'> {
    if (await this.hasEnded(node)) return 'runs';
    if (await this.start(node)) return 'started';
    const incarnation = await this.workflows.incarnationOf(node.name);
    if (incarnation === node.uid) return 'runs';
    if (incarnation !== null) {
      // A caller that was late may hold a node whose name belongs to its successor by now.
      if (!(await this.nodes.findByUid(node.uid))?.living) return 'runs';
      const earlier = { uid: incarnation, name: node.name };
      // One that neither the record nor its memo calls ours is somebody else's, whatever its name.
      if (!(await this.nodes.findByUid(incarnation)) && !(await this.workflows.isOurs(earlier))) throw idTaken(node);
      await this.workflows.terminate(earlier, 'superseded by a newer incarnation');
    }
    if (!(await this.start(node))) throw idTaken(node);
    return 'started';
  }

  async rebuild(node: NodeRecord): Promise<void> {
    const incarnation = await this.workflows.incarnationOf(node.name);
    const current = await this.nodes.findByUid(node.uid);
    if (!current?.living) return;
    if (incarnation !== node.uid) return void (await this.ensureStarted(current));
    const options = { ...(await this.optionsFor(current)), workflowIdConflictPolicy: 'TERMINATE_EXISTING' } as const;
    await this.client.call(() => this.client.workflows.start(LIFECYCLE_WORKFLOW, options));
  }

  async startHeard(node: NodeRecord, heartbeat: { at: EpochMs; bootId: string }): Promise<void> {
    const signal: HeartbeatSignal = { uid: node.uid, ...heartbeat };
    const options = { ...(await this.optionsFor(node)), signal: HEARTBEAT_SIGNAL, signalArgs: [signal] };
    await this.client.call(() => this.client.workflows.signalWithStart(LIFECYCLE_WORKFLOW, options));
    this.notStarted.delete(node.uid);
  }

  async signalDecision(node: NodeRecord, { again } = { again: false }): Promise<void> {
    const { uid, decision, living } = node;
    const signal: DecisionSignal = { uid, action: decision.action, decision, ...(again && { again }) };
    const heard = await this.signal(node, decision.action, signal);
    // It starts with the whole decision, so there is nothing to signal after.
    if (!heard && living) await this.ensureStarted(node);
  }

  leaveStart({ uid }: NodeAddress): void {
    this.notStarted.set(uid, true);
  }

  signalHeartbeat(node: SpokenForNode, heartbeat: { at: EpochMs; bootId: string }): void {
    if (this.heartbeatsUnderWay >= MAX_HEARTBEATS_UNDER_WAY || this.waitsForItsStart(node)) return;
    const signal: HeartbeatSignal = { uid: node.uid, ...heartbeat };
    this.heartbeatsUnderWay += 1;
    this.signal(node, HEARTBEAT_SIGNAL, signal)
      .then((heard) => {
        if (!heard) this.leaveStart(node);
      })
      // The workflow finds the heartbeat in the record when its timer runs out.
      .catch(() => undefined)
      .finally(() => {
        this.heartbeatsUnderWay -= 1;
      });
  }

  async reportSessions(
    node: NodeAddress,
    report: { at: EpochMs; bootId: string; sessions: CachedSession[]; ended?: string[] },
  ): Promise<void> {
    const signal: SessionsReportedSignal = { uid: node.uid, ...report, sessions: fitIntoSignal(report.sessions) };
    if (!(await this.signal(node, SESSIONS_REPORTED_SIGNAL, signal)))
      throw new LifecycleUnavailable(`node ${node.name} has no running workflow`);
  }

  async openSession(node: NodeAddress, request: Omit<OpenSessionUpdate, 'uid'>): Promise<PlacementRefusal | undefined> {
    const update: OpenSessionUpdate = { uid: node.uid, ...request };
    return (await this.update(node, OPEN_SESSION_UPDATE, update)) as PlacementRefusal | undefined;
  }

  async terminateSession(node: NodeAddress, request: Omit<TerminateSessionUpdate, 'uid'>): Promise<void> {
    const update: TerminateSessionUpdate = { uid: node.uid, ...request };
    await this.update(node, TERMINATE_SESSION_UPDATE, update);
  }

  querySessionCache(node: NodeAddress): Promise<SessionCacheView> {
    return this.query<SessionCacheView>(node, SESSION_CACHE_QUERY);
  }

  queryLifecycle(node: NodeAddress): Promise<LifecycleView> {
    return this.query<LifecycleView>(node, LIFECYCLE_QUERY);
  }

  /** A life that has spoken may have ended, which a record that was restored does not know: what is removed stays removed. */
  private async hasEnded(node: NodeRecord): Promise<boolean> {
    if (node.applied === null && this.clock.now() - node.createdAt < SURELY_NEW_MS) return false;
    const end = await this.workflows.endOf(node);
    if (end === null) return false;
    const { removedAt: at, by, reason } = end;
    const why = "the record had lost it, and has it from the node's workflow again";
    const decision = decide(node.decision, 'remove', { at, by, reason });
    await this.nodes.commitDecision({
      uid: node.uid,
      expectedSeq: node.decision.seq,
      decision,
      event: nodeEvent(
        node,
        'NodeRemoved',
        this.clock.now(),
        { by, from: null },
        reason === '' ? why : `${reason} (${why})`,
      ),
    });
    return true;
  }

  private waitsForItsStart({ uid, applied }: SpokenForNode): boolean {
    if (this.notStarted.get(uid) === undefined) return false;
    if (applied === null) return true;
    this.notStarted.delete(uid);
    return false;
  }

  /** @returns false where a workflow of this id runs already, whosever it is. */
  private async start(node: NodeRecord): Promise<boolean> {
    const options = await this.optionsFor(node);
    try {
      await this.client.call(
        () => this.client.workflows.start(LIFECYCLE_WORKFLOW, options),
        [WorkflowExecutionAlreadyStartedError],
      );
      this.notStarted.delete(node.uid);
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  }

  private async optionsFor(node: NodeRecord) {
    const sessions = node.applied ? await this.sessions.recordOf(node.uid) : undefined;
    return {
      ...startOptions(node, await this.client.clusterId()),
      taskQueue: this.client.settings.taskQueue,
      args: [lifecycleInput(node, this.settings, this.fleet.current, sessions)],
    };
  }

  /** @returns false where no workflow of this id runs. */
  private async signal(node: NodeAddress, name: string, payload: HeartbeatSignal | DecisionSignal): Promise<boolean> {
    try {
      await this.client.call(
        () => this.client.workflows.getHandle(lifecycleWorkflowId(node.name)).signal(name, payload),
        [WorkflowNotFoundError],
      );
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  /** @returns why the workflow refuses, as the type of its failure; undefined where it does not */
  private async update(
    node: NodeAddress,
    name: string,
    payload: OpenSessionUpdate | TerminateSessionUpdate,
  ): Promise<string | undefined> {
    try {
      await this.client.call(
        () => updateAcrossRuns(this.client.workflows.getHandle(lifecycleWorkflowId(node.name)), name, payload),
        [WorkflowUpdateFailedError, WorkflowNotFoundError],
      );
      return undefined;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'NOT_ACTIVE';
      if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
        return error.cause.type ?? 'NOT_ACTIVE';
      throw error;
    }
  }

  private async query<View>(node: NodeAddress, name: string): Promise<View> {
    return this.client.call(() => this.client.workflows.getHandle(lifecycleWorkflowId(node.name)).query<View>(name));
  }
}

function idTaken({ name }: NodeRecord): LifecycleIdTaken {
  return new LifecycleIdTaken(
    `a workflow that is none of ours runs as ${lifecycleWorkflowId(name)}; end it, and the node gets its own`,
  );
}
