import { Injectable } from '@nestjs/common';
import { defineSearchAttributeKey, SearchAttributeType, WorkflowNotFoundError } from '@temporalio/common';
import type { WorkflowExecutionInfo } from '@temporalio/client';
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

  private async findRunning(
    nodeName: string,
  ): Promise<(Pick<LifecycleMemo, 'uid' | 'clusterId'> & { firstRunId: string | undefined }) | undefined> {
    const description = await this.ignoringNotFound(() =>
      this.client.workflows.getHandle(lifecycleWorkflowId(nodeName)).describe(),
    );
    const memo = description?.status.name === 'RUNNING' ? memoOf(description) : undefined;
    return memo && { ...memo, firstRunId: description?.raw.workflowExecutionInfo?.firstRunId ?? undefined };
  }

  private async ignoringNotFound<Result>(request: () => Promise<Result>): Promise<Result | undefined> {
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
