import { queryOptions } from '@tanstack/react-query';
import { getCluster } from '../../../client/index.js';
import { answerOf } from './answer-of.js';

export const CLUSTER_KEY = ['cluster'] as const;

/** The fleet in numbers. */
export const clusterQuery = queryOptions({
  queryKey: CLUSTER_KEY,
  queryFn: ({ signal }) => answerOf(getCluster({ signal })),
});
