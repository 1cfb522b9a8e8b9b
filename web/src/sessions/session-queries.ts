import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getSession, listSessions, type ListSessionsData } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';

/** Every query about sessions of the whole cluster begins with it: after a change, invalidate this. */
export const SESSIONS_KEY = ['sessions'] as const;

export type SessionFilter = Pick<NonNullable<ListSessionsData['query']>, 'live' | 'node' | 'principal'>;

const PAGE_SIZE = 50;

/** Sessions of the cluster, the latest first, page by page into the past; those before stay in sight until the next have come. */
export function sessionListQuery(filter: SessionFilter) {
  return infiniteQueryOptions({
    queryKey: [...SESSIONS_KEY, 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      answerOf(
        listSessions({
          query: { ...filter, limit: PAGE_SIZE, ...(pageParam === '' ? {} : { cursor: pageParam }) },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
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
