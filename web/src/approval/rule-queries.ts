import { queryOptions } from '@tanstack/react-query';
import { listApprovalRules, testApprovalRules } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';

/** Prefix of all queries about approval rules. */
export const RULES_KEY = ['approval-rules'] as const;

/** All approval rules, in the order in which they are tried. */
export const rulesQuery = queryOptions({
  queryKey: [...RULES_KEY, 'list'],
  queryFn: ({ signal }) => answerOf(listApprovalRules({ signal })),
});

/** What the rules would decide about nodes that wait for approval. */
export const pendingVerdictsQuery = queryOptions({
  queryKey: [...RULES_KEY, 'pending'],
  queryFn: ({ signal }) => answerOf(testApprovalRules({ query: { pending: 'true' }, signal })),
});
