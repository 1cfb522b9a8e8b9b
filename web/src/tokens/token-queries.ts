import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getJoinToken, listApiTokens, listJoinTokens, listJoinTokenUses } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';

/** Every query about tokens begins with it: after a change, invalidate this. */
export const TOKENS_KEY = ['tokens'] as const;

const PAGE_SIZE = 50;

function pageOf(cursor: string) {
  return { limit: PAGE_SIZE, ...(cursor !== '' && { cursor }) };
}

/** A page of join tokens, the latest first; the page before stays in sight until the next has come. */
export function joinTokenListQuery(cursor: string) {
  return queryOptions({
    queryKey: [...TOKENS_KEY, 'join', 'list', cursor],
    queryFn: ({ signal }) => answerOf(listJoinTokens({ query: pageOf(cursor), signal })),
    placeholderData: keepPreviousData,
  });
}

export function joinTokenQuery(id: string) {
  return queryOptions({
    queryKey: [...TOKENS_KEY, 'join', 'one', id],
    queryFn: ({ signal }) => answerOf(getJoinToken({ path: { id }, signal })),
  });
}

/** Who joined with a token, the latest first. */
export function joinTokenUsesQuery(id: string, cursor: string) {
  return queryOptions({
    queryKey: [...TOKENS_KEY, 'join', 'uses', id, cursor],
    queryFn: ({ signal }) => answerOf(listJoinTokenUses({ path: { id }, query: pageOf(cursor), signal })),
    placeholderData: keepPreviousData,
  });
}

/** A page of api tokens, the latest first. */
export function apiTokenListQuery(cursor: string) {
  return queryOptions({
    queryKey: [...TOKENS_KEY, 'api', 'list', cursor],
    queryFn: ({ signal }) => answerOf(listApiTokens({ query: pageOf(cursor), signal })),
    placeholderData: keepPreviousData,
  });
}
