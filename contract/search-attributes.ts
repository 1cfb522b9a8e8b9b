/** Search attributes of a lifecycle workflow, all of type Keyword; they change on transitions only. */
export const SEARCH_ATTRIBUTES = ['NodePhase', 'NodeLiveness', 'NodeApproval', 'NodeType'] as const;
export type SearchAttribute = (typeof SEARCH_ATTRIBUTES)[number];
