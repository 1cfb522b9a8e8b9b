import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getSession, listSessions, type ListSessionsData } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';

/** Prefix of all queries about sessions of the whole cluster; invalidate it after a change. */
export const SESSIONS_KEY = ['sessions'] as const;

export type SessionFilter = Pick<NonNullable<ListSessionsData['query']>, 'live' | 'node' | 'principal'>;

const PAGE_SIZE = 50;

/** A page of the cluster's sessions, latest first; the previous page stays visible until the next has loaded. */
export function sessionListQuery(filter: SessionFilter, cursor: string) {
  return queryOptions({
    queryKey: [...SESSIONS_KEY, 'list', filter, cursor],
    queryFn: ({ signal }) =>
      answerOf(listSessions({ query: { ...filter, limit: PAGE_SIZE, ...(cursor !== '' && { cursor }) }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** One session with its query and the beginning of its result. */
export function sessionQuery(id: string) {
  return queryOptions({
    queryKey: [...SESSIONS_KEY, 'one', id],
    queryFn: ({ signal }) => answerOf(getSession({ path: { id }, signal })),
  });
}
