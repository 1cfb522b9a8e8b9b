import { queryOptions } from '@tanstack/react-query';
import { listMaintenanceWindows } from '../../../client/index.js';
import { answerOf } from './answer-of.js';
import { MAINTENANCE_KEY } from './event-keys.js';

/** All maintenance windows, sorted by name. */
export const windowsQuery = queryOptions({
  queryKey: [...MAINTENANCE_KEY, 'windows'],
  queryFn: ({ signal }) => answerOf(listMaintenanceWindows({ signal })),
});
