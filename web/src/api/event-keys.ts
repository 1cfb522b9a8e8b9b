import { CLUSTER_KEY, keysOfNode, NODES_KEY } from './node-queries.js';

/** Every query about drains of sets of nodes and updates of their agents begins with it. */
export const SETS_KEY = ['sets'] as const;
/** Every query about the audit begins with it. */
export const AUDIT_KEY = ['audit'] as const;

/** What is planned of nodes. */
export const MAINTENANCE_KEY = ['maintenance'] as const;

/** What is to be asked for anew once something has happened to these nodes. */
export function keysOfEvents(nodes: Iterable<string>): (readonly string[])[] {
  return [...[...nodes].flatMap(keysOfNode), [...NODES_KEY, 'list'], CLUSTER_KEY, SETS_KEY, MAINTENANCE_KEY, AUDIT_KEY];
}
