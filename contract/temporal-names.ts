/** Search attributes of Rollcall's workflows, all of type Keyword; they change at transitions only. Drain sets have the last, lifecycles the others. */
export const SEARCH_ATTRIBUTES = ['NodePhase', 'NodeLiveness', 'NodeApproval', 'NodeType', 'DrainState'] as const;
export type SearchAttribute = (typeof SEARCH_ATTRIBUTES)[number];

/** The singleton workflow whose memo names the cluster that a Temporal namespace belongs to: its type's name, and its id. */
export const CLUSTER_CLAIM_WORKFLOW = 'clusterClaim';
export const CLUSTER_CLAIM_ID = 'rollcall-cluster';

/** The singleton workflow that finds silent nodes for the whole fleet: its type's name, and its id. */
export const SILENCE_SWEEPER_WORKFLOW = 'silenceSweeper';
export const SILENCE_SWEEPER_ID = 'silence-sweeper';

/** Task queue of the sweep alone, which holds a slot for minutes. */
export function silenceSweepQueue(taskQueue: string): string {
  return `${taskQueue}-sweep`;
}

/** Global that a worker with encryption sets before the workflow code, so that failures raised there are encrypted too. */
export const ENCODES_FAILURES = '__ROLLCALL_ENCODES_FAILURES__';
