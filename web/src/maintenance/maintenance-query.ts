import { queryOptions } from '@tanstack/react-query';
import { listMaintenance } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { MAINTENANCE_KEY } from '../api/event-keys.js';

/** Maximum number of entries. */
const MOST = 1_000;

/** Plans, and what ends by itself, in the order in which they begin. */
export const maintenanceQuery = queryOptions({
  queryKey: MAINTENANCE_KEY,
  queryFn: ({ signal }) => answerOf(listMaintenance({ query: { limit: MOST }, signal })),
});
