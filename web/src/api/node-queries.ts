import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getNode, listNodes, type ListNodesData, listNodeSessions, getCluster } from '../../../client/index.js';
import { answerOf } from './answer-of.js';

/** Prefix of all queries about nodes; invalidate it after a change (see use-decision.ts). */
export const NODES_KEY = ['nodes'] as const;

export type NodeListQuery = NonNullable<ListNodesData['query']>;

/** A page of the list; the previous page stays visible until the next has loaded. */
export function nodeListQuery(query: NodeListQuery) {
  return queryOptions({
    queryKey: [...NODES_KEY, 'list', query],
    queryFn: ({ signal }) => answerOf(listNodes({ query, signal })),
    placeholderData: keepPreviousData,
  });
}

/** Queries about one node: the node, its sessions, its events. */
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

/** A node's sessions, from its workflow or, if that does not answer, from the record. */
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
