import { queryOptions } from '@tanstack/react-query';
import { listMaintenance } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { MAINTENANCE_KEY } from '../api/event-keys.js';

/** So many are shown. */
const MOST = 1_000;

/** What is planned, and what ends by itself, by when it begins. */
export const maintenanceQuery = queryOptions({
  queryKey: MAINTENANCE_KEY,
  queryFn: ({ signal }) => answerOf(listMaintenance({ query: { limit: MOST }, signal })),
});
