import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { isoTime } from '../../contract/iso-time.js';
import { lifecycleWorkflowId } from '../../contract/lifecycle.js';
import type { SearchAttribute } from '../../contract/temporal-names.js';
import type { NodeRecord } from '../record/node-record.js';

/**
 * How long a worker may take for a workflow task. A worker that gets little done needs the time, or it is taken away what it has nearly finished;
 * what one that is killed had in hand, a few tasks, waits as long for another.
 */
export const WORKFLOW_TASK_TIMEOUT = '20s';

/** Who a lifecycle workflow belongs to; never changes while it runs. */
export interface LifecycleMemo extends Record<string, unknown> {
  uid: string;
  nodeId: string;
  type: string;
  /** Absent in lifecycles of before clusters had ids. */
  clusterId?: string;
}

const key = (name: SearchAttribute) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

/** What Temporal is told of a lifecycle besides its input: what it is found by and how it shows in the Web UI. */
export function startOptions(node: NodeRecord, clusterId: string) {
  const { uid, name, type, phase, liveness, decision, createdAt } = node;
  const memo: LifecycleMemo = { uid, nodeId: name, type, clusterId };
  return {
    workflowId: lifecycleWorkflowId(name),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
    memo,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: key('NodePhase'), value: phase },
      { key: key('NodeLiveness'), value: liveness },
      { key: key('NodeApproval'), value: decision.approval.value },
      { key: key('NodeType'), value: type },
    ]),
    staticSummary: `${type} node ${name}`,
    staticDetails: `The life of ${type} node **${name}**, made ${isoTime(createdAt)}; uid \`${uid}\``,
  } as const;
}
