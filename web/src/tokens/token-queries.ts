import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getJoinToken, listApiTokens, listJoinTokens, listJoinTokenUses } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';

/** Prefix of all queries about tokens; invalidate it after a change. */
export const TOKENS_KEY = ['tokens'] as const;

const PAGE_SIZE = 50;

function pageOf(cursor: string) {
  return { limit: PAGE_SIZE, ...(cursor !== '' && { cursor }) };
}

/** A page of join tokens, latest first; the previous page stays visible until the next has loaded. */
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

/** Who joined with a token, latest first. */
export function joinTokenUsesQuery(id: string, cursor: string) {
  return queryOptions({
    queryKey: [...TOKENS_KEY, 'join', 'uses', id, cursor],
    queryFn: ({ signal }) => answerOf(listJoinTokenUses({ path: { id }, query: pageOf(cursor), signal })),
    placeholderData: keepPreviousData,
  });
}

/** A page of api tokens, latest first. */
export function apiTokenListQuery(cursor: string) {
  return queryOptions({
    queryKey: [...TOKENS_KEY, 'api', 'list', cursor],
    queryFn: ({ signal }) => answerOf(listApiTokens({ query: pageOf(cursor), signal })),
    placeholderData: keepPreviousData,
  });
}
