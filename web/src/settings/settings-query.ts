import { queryOptions } from '@tanstack/react-query';
import { getSettings } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';

/** What the replica of the api that answers runs with. */
export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => answerOf(getSettings({ signal })),
});
