import { CLUSTER_KEY, keysOfNode, NODES_KEY } from './node-queries.js';

/** Prefix of all queries about drain sets, including agent updates. */
export const SETS_KEY = ['sets'] as const;
/** Prefix of all queries about the audit. */
export const AUDIT_KEY = ['audit'] as const;

/** Query of planned maintenance. */
export const MAINTENANCE_KEY = ['maintenance'] as const;

/** Queries to invalidate after events of these nodes. */
export function keysOfEvents(nodes: Iterable<string>): (readonly string[])[] {
  return [...[...nodes].flatMap(keysOfNode), [...NODES_KEY, 'list'], CLUSTER_KEY, SETS_KEY, MAINTENANCE_KEY, AUDIT_KEY];
}
