import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getNode, listNodes, type ListNodesData, listNodeSessions, getCluster } from '../../../client/index.js';
import { answerOf } from './answer-of.js';

/** Every query about nodes begins with it: after a change, invalidate this (see use-decision.ts). */
export const NODES_KEY = ['nodes'] as const;

export type NodeListQuery = NonNullable<ListNodesData['query']>;

/** One page of the list; the page before stays in sight until the next has come. */
export function nodeListQuery(query: NodeListQuery) {
  return queryOptions({
    queryKey: [...NODES_KEY, 'list', query],
    queryFn: ({ signal }) => answerOf(listNodes({ query, signal })),
    placeholderData: keepPreviousData,
  });
}

/** What is asked about one node alone: it, its sessions, its events. */
export function keysOfNode(id: string): (readonly string[])[] {
  return ['one', 'events', 'sessions'].map((what) => [...NODES_KEY, what, id]);
}

/** One node by its id. Removed ones fail with NODE_NOT_FOUND. */
export function nodeQuery(id: string) {
  return queryOptions({
    queryKey: [...NODES_KEY, 'one', id],
    queryFn: ({ signal }) => answerOf(getNode({ path: { id }, signal })),
  });
}

/** What a node runs, by its workflow or, where that does not answer, by the record. */
export function nodeSessionsQuery(id: string) {
  return queryOptions({
    queryKey: [...NODES_KEY, 'sessions', id],
    queryFn: ({ signal }) => answerOf(listNodeSessions({ path: { id }, signal })),
  });
}

export const CLUSTER_KEY = ['cluster'] as const;

/** The fleet in numbers. */
export const clusterQuery = queryOptions({
  queryKey: CLUSTER_KEY,
  queryFn: ({ signal }) => answerOf(getCluster({ signal })),
});
