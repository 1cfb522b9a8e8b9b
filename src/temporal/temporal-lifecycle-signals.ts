import { Injectable } from '@nestjs/common';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common';
import {
  CONDITIONS_CHANGED_SIGNAL,
  HEARTBEAT_SIGNAL,
  LIFECYCLE_QUERY,
  LIFECYCLE_WORKFLOW,
  OPEN_SESSION_UPDATE,
  TERMINATE_SESSION_UPDATE,
  lifecycleWorkflowId,
  SESSION_CACHE_QUERY,
  SESSIONS_REPORTED_SIGNAL,
  type ConditionsChangedSignal,
  type DecisionSignal,
  type HeartbeatSignal,
  type LifecycleInput,
  type LifecycleView,
  type OpenSessionUpdate,
  type TerminateSessionUpdate,
  type SessionCacheView,
  type SessionsReportedSignal,
} from '../../contract/lifecycle.js';
import type { PlacementRefusal } from '../../contract/placement.js';
import type { CachedSession } from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';
import { BoundedCache } from '../mechanics/bounded-cache.js';
import type { NodeRecord } from '../record/node-record.js';
import { fitIntoSignal } from '../lifecycle/fit-into-signal.js';
import {
  LifecycleSignals,
  LifecycleUnavailable,
  type LifecycleStart,
  type NodeAddress,
  type SpokenForNode,
} from '../lifecycle/lifecycle-signals.js';
import { startOptions } from './start-options.js';
import { updateAcrossRuns } from './update-across-runs.js';
import { ClaimedTemporal } from './claimed-temporal.js';

/** Maximum number of heartbeat signals in flight; more are dropped, since the record has them all. */
const MAX_HEARTBEATS_UNDER_WAY = 64;
const REMEMBERED_NODES = 50_000;

@Injectable()
export class TemporalLifecycleSignals extends LifecycleSignals {
  private heartbeatsUnderWay = 0;
  /**
   * Nodes whose workflow the reconciler has yet to start, and which will start with their heartbeats. Signalling each heartbeat of a waiting
   * crowd in vain would cost Temporal more than the starts.
   */
  private readonly notStarted = new BoundedCache<string, true>(REMEMBERED_NODES);

  constructor(private readonly client: ClaimedTemporal) {
    super();
  }

  async start({ node, input }: LifecycleStart): Promise<boolean> {
    const options = await this.optionsFor(node, input);
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

  async replace({ node, input }: LifecycleStart): Promise<void> {
    const options = {
      ...(await this.optionsFor(node, input)),
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
    } as const;
    await this.client.call(() => this.client.workflows.start(LIFECYCLE_WORKFLOW, options));
  }

  async startHeard({ node, input }: LifecycleStart, heartbeat: { at: EpochMs; bootId: string }): Promise<void> {
    const signal: HeartbeatSignal = { uid: node.uid, ...heartbeat };
    const options = { ...(await this.optionsFor(node, input)), signal: HEARTBEAT_SIGNAL, signalArgs: [signal] };
    await this.client.call(() => this.client.workflows.signalWithStart(LIFECYCLE_WORKFLOW, options));
    this.notStarted.delete(node.uid);
  }

  signalDecision(node: NodeAddress, signal: DecisionSignal): Promise<boolean> {
    return this.signal(node, signal.action, signal);
  }

  leaveStart({ uid }: NodeAddress): void {
    this.notStarted.set(uid, true);
  }

  async signalHeartbeat(node: SpokenForNode, heartbeat: { at: EpochMs; bootId: string }): Promise<boolean> {
    if (this.heartbeatsUnderWay >= MAX_HEARTBEATS_UNDER_WAY || this.waitsForItsStart(node)) return false;
    const signal: HeartbeatSignal = { uid: node.uid, ...heartbeat };
    this.heartbeatsUnderWay += 1;
    try {
      const isHeard = await this.signal(node, HEARTBEAT_SIGNAL, signal);
      if (!isHeard) this.leaveStart(node);
      return isHeard;
    } catch {
      // The workflow finds the heartbeat in the record when its timer runs out.
      return false;
    } finally {
      this.heartbeatsUnderWay -= 1;
    }
  }

  async signalConditions(node: NodeAddress): Promise<boolean> {
    try {
      return await this.signal(node, CONDITIONS_CHANGED_SIGNAL, { uid: node.uid });
    } catch {
      return false;
    }
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

  private waitsForItsStart({ uid, applied }: SpokenForNode): boolean {
    if (this.notStarted.get(uid) === undefined) return false;
    if (applied === null) return true;
    this.notStarted.delete(uid);
    return false;
  }

  private async optionsFor(node: NodeRecord, input: LifecycleInput) {
    return {
      ...startOptions(node, await this.client.clusterId()),
      taskQueue: this.client.settings.taskQueue,
      args: [input],
    };
  }

  /** @returns false where no workflow of this id runs. */
  private async signal(
    node: NodeAddress,
    name: string,
    payload: HeartbeatSignal | DecisionSignal | ConditionsChangedSignal,
  ): Promise<boolean> {
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
