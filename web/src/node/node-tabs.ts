/** The parts of a node's page; the first has no name in the address. */
export const NODE_TABS = ['overview', 'health', 'sessions', 'events'] as const;
export type NodeTab = (typeof NODE_TABS)[number];

/** The tab that an address names; undefined where it names none that there is. */
export function tabOf(segment: string | undefined): NodeTab | undefined {
  return segment === undefined ? 'overview' : NODE_TABS.find((tab) => tab === segment && tab !== 'overview');
}
