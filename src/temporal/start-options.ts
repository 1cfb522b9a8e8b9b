import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { isoTime } from '../../contract/iso-time.js';
import { lifecycleWorkflowId } from '../../contract/lifecycle.js';
import type { SearchAttribute } from '../../contract/temporal-names.js';
import type { NodeRecord } from '../record/node-record.js';

/**
 * How long a worker may take for a workflow task. An overloaded worker needs this time to finish; the few tasks of a killed one wait as long
 * before another worker gets them.
 */
export const WORKFLOW_TASK_TIMEOUT = '20s';

/** Identity of a lifecycle workflow; never changes while it runs. */
export interface LifecycleMemo extends Record<string, unknown> {
  uid: string;
  nodeId: string;
  type: string;
  /** Absent in lifecycles from before clusters had ids. */
  clusterId?: string;
}

const key = (name: SearchAttribute) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

/** Start options of a lifecycle besides its input: id, memo, search attributes, and texts for the Web UI. */
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
