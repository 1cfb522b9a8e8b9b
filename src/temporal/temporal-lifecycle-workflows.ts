import { Injectable } from '@nestjs/common';
import { defineSearchAttributeKey, SearchAttributeType, WorkflowNotFoundError } from '@temporalio/common';
import type { Connection, WorkflowExecutionInfo } from '@temporalio/client';
import proto from '@temporalio/proto';
import { LIFECYCLE_WORKFLOW, lifecycleWorkflowId, type LifecycleOutcome } from '../../contract/lifecycle.js';
import type { SearchAttribute } from '../../contract/temporal-names.js';
import type { NodeAddress } from '../lifecycle/lifecycle-signals.js';
import { LifecycleWorkflows, type LeftBehindRun, type RunningLifecycle } from '../lifecycle/lifecycle-workflows.js';
import { ClaimedTemporal } from './claimed-temporal.js';
import { deploymentRouting } from './deployment-routing.js';
import type { LifecycleMemo } from './start-options.js';

const RUNNING = `WorkflowType = '${LIFECYCLE_WORKFLOW}' AND ExecutionStatus = 'Running'`;
const VERSION = defineSearchAttributeKey('TemporalWorkerDeploymentVersion', SearchAttributeType.KEYWORD);
const PAGE_SIZE = 1_000;
/** How far back to look for the task's failure: only the first attempt's is an event, and signals follow it. */
const LATEST_EVENTS = 50;
const { WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR } = proto.temporal.api.enums.v1.WorkflowTaskFailedCause;

/** What Temporal says about a running lifecycle. */
interface RunningExecution extends Pick<LifecycleMemo, 'uid' | 'clusterId'> {
  runId: string;
  firstRunId: string | undefined;
  /** Attempts of its current workflow task, which signals reset; 0 where it has none. */
  attempts: number;
}

@Injectable()
export class TemporalLifecycleWorkflows extends LifecycleWorkflows {
  constructor(private readonly client: ClaimedTemporal) {
    super();
  }

  async incarnationOf(nodeName: string): Promise<string | null> {
    return (await this.findRunning(nodeName))?.uid ?? null;
  }

  async isOurs({ uid, name }: NodeAddress): Promise<boolean> {
    const running = await this.findRunning(name);
    return running?.uid === uid && running.clusterId === (await this.client.clusterId());
  }

  async *running(): AsyncIterable<RunningLifecycle> {
    for await (const execution of this.list(RUNNING)) {
      const memo = memoOf(execution);
      if (!memo) continue;
      const shown = (name: SearchAttribute) =>
        execution.typedSearchAttributes.get(defineSearchAttributeKey(name, SearchAttributeType.KEYWORD)) ?? '';
      yield {
        uid: memo.uid,
        name: memo.nodeId,
        runId: execution.runId,
        phase: shown('NodePhase'),
        liveness: shown('NodeLiveness'),
        approval: shown('NodeApproval'),
      };
    }
  }

  async *leftBehind(deployment: string): AsyncIterable<LeftBehindRun> {
    const { namespace } = this.client.settings;
    const routing = await this.client.call(({ workflowService }) =>
      deploymentRouting(workflowService, namespace, deployment),
    );
    if (routing === null) return;
    const fresh = [routing.current, routing.ramping?.buildId].filter((buildId) => buildId != null);
    const elsewhere = fresh.map((buildId) => ` AND ${VERSION.name} != '${deployment}:${buildId}'`).join('');
    for await (const execution of this.list(
      `${RUNNING} AND TemporalWorkflowVersioningBehavior = 'Pinned' AND TemporalWorkerDeployment = '${deployment}'${elsewhere}`,
    )) {
      const memo = memoOf(execution);
      const buildId = execution.typedSearchAttributes.get(VERSION)?.split(':').at(-1) ?? '';
      if (memo) yield { uid: memo.uid, name: memo.nodeId, runId: execution.runId, buildId };
    }
  }

  async doesNotReplay({ uid, name }: NodeAddress): Promise<boolean> {
    const running = await this.findRunning(name);
    if (running?.uid !== uid || running.attempts < 2) return false;
    const { namespace } = this.client.settings;
    const execution = { workflowId: lifecycleWorkflowId(name), runId: running.runId };
    const latest = await this.ignoringNotFound(({ workflowService }) =>
      workflowService.getWorkflowExecutionHistoryReverse({ namespace, execution, maximumPageSize: LATEST_EVENTS }),
    );
    const last = latest?.history?.events?.find(
      (event) => event.workflowTaskFailedEventAttributes ?? event.workflowTaskCompletedEventAttributes,
    );
    return last?.workflowTaskFailedEventAttributes?.cause === WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR;
  }

  async endOf({ uid, name }: NodeAddress): Promise<LifecycleOutcome | null> {
    const ended = `WorkflowId = '${lifecycleWorkflowId(name)}' AND ExecutionStatus = 'Completed'`;
    for await (const execution of this.list(ended)) {
      if (memoOf(execution)?.uid !== uid) continue;
      const handle = this.client.workflows.getHandle(execution.workflowId, execution.runId);
      const outcome = (await this.ignoringNotFound(() => handle.result())) as LifecycleOutcome | undefined;
      if (outcome !== undefined) return outcome;
    }
    return null;
  }

  private async *list(query: string): AsyncIterable<WorkflowExecutionInfo> {
    const pages = this.client.workflows.list({ query, pageSize: PAGE_SIZE })[Symbol.asyncIterator]();
    for (;;) {
      // A step may be a request of its own, so each gets its own deadline.
      const step = await this.client.call(() => pages.next());
      if (step.done) return;
      yield step.value;
    }
  }

  async terminate(node: NodeAddress, reason: string): Promise<void> {
    const running = await this.findRunning(node.name);
    if (running?.uid !== node.uid) return;
    const { firstRunId } = running;
    // Bound to the chain of runs that was examined: the next incarnation may have begun meanwhile.
    const handle = this.client.workflows.getHandle(
      lifecycleWorkflowId(node.name),
      undefined,
      firstRunId ? { firstExecutionRunId: firstRunId } : {},
    );
    await this.ignoringNotFound(() => handle.terminate(reason));
  }

  private async findRunning(nodeName: string): Promise<RunningExecution | undefined> {
    const description = await this.ignoringNotFound(() =>
      this.client.workflows.getHandle(lifecycleWorkflowId(nodeName)).describe(),
    );
    if (description?.status.name !== 'RUNNING') return undefined;
    const memo = memoOf(description);
    const { workflowExecutionInfo, pendingWorkflowTask } = description.raw;
    return (
      memo && {
        ...memo,
        runId: description.runId,
        firstRunId: workflowExecutionInfo?.firstRunId ?? undefined,
        attempts: pendingWorkflowTask?.attempt ?? 0,
      }
    );
  }

  private async ignoringNotFound<Result>(
    request: (connection: Connection) => Promise<Result>,
  ): Promise<Result | undefined> {
    try {
      return await this.client.call(request, [WorkflowNotFoundError]);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }
}

function memoOf({ memo }: Pick<WorkflowExecutionInfo, 'memo'>): LifecycleMemo | undefined {
  return typeof memo?.['uid'] === 'string' && typeof memo['nodeId'] === 'string' ? (memo as LifecycleMemo) : undefined;
}
