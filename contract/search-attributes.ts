/** Search attributes of our workflows, all of type Keyword; they change on transitions only. Drain sets have the last, lifecycles the others. */
export const SEARCH_ATTRIBUTES = ['NodePhase', 'NodeLiveness', 'NodeApproval', 'NodeType', 'DrainState'] as const;
export type SearchAttribute = (typeof SEARCH_ATTRIBUTES)[number];
