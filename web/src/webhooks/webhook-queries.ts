import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getWebhook, listWebhookDeliveries, listWebhooks } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';

/** Prefix of all queries about webhooks; invalidate it after a change. */
export const WEBHOOKS_KEY = ['webhooks'] as const;

const PAGE_SIZE = 50;

export function webhookListQuery() {
  return queryOptions({
    queryKey: [...WEBHOOKS_KEY, 'list'],
    queryFn: ({ signal }) => answerOf(listWebhooks({ signal })),
  });
}

export function webhookQuery(id: string) {
  return queryOptions({
    queryKey: [...WEBHOOKS_KEY, 'one', id],
    queryFn: ({ signal }) => answerOf(getWebhook({ path: { id }, signal })),
  });
}

/** Its deliveries, latest first. */
export function deliveriesQuery(id: string, cursor: string) {
  return queryOptions({
    queryKey: [...WEBHOOKS_KEY, 'deliveries', id, cursor],
    queryFn: ({ signal }) =>
      answerOf(
        listWebhookDeliveries({
          path: { id },
          query: { limit: PAGE_SIZE, ...(cursor !== '' && { cursor }) },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
