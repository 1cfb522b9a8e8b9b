import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { listAlerts } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';

const PAGE_SIZE = 50;

/** Latest first. @param all includes cleared alerts */
export function alertListQuery(all: boolean, cursor: string) {
  return queryOptions({
    queryKey: ['alerts', all, cursor],
    queryFn: ({ signal }) =>
      answerOf(
        listAlerts({
          query: { limit: PAGE_SIZE, ...(!all && { phase: 'raised' }), ...(cursor !== '' && { cursor }) },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
