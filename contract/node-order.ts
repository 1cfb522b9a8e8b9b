/** What nodes can be listed by: ascending; with a hyphen before it descending. */
export const NODE_ORDERS = [
  'id',
  'createdAt',
  'lastHeartbeat',
  'phase',
  'status',
  'activeSessions',
  'cpu',
  'memory',
  'version',
] as const;
export type NodeOrder = (typeof NODE_ORDERS)[number];
export type NodeSort = NodeOrder | `-${NodeOrder}`;

export const NODE_SORTS: readonly NodeSort[] = NODE_ORDERS.flatMap((order) => [order, `-${order}` as const]);

/** Words that one search may have, and its length in characters. */
export const MOST_SEARCH_WORDS = 8;
export const MOST_SEARCH_LENGTH = 128;

/** What a search looks for: the node that has each of these somewhere, in small letters. */
export function searchWords(search: string): string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** A node's id as people count: node-2 before node-10. Keys compare in that order character by character, and differ for different ids. */
export function naturalKey(id: string): string {
  // A blank comes before all that an id may have, so that what is longer comes later.
  return `${counted(id)} ${id}`;
}

/** A version by what it counts, those that come before a release before it: 1.9.0, 1.10.0-rc.1, 1.10.0. */
export function versionKey(version: string): string {
  const [, release = version, before] = /^([^-+]*)(?:-([^+]*))?/.exec(version) ?? [];
  return before === undefined ? `${counted(release)}~` : `${counted(release)}-${counted(before)}`;
}

/** Each number with how many digits it has before it: a longer one is greater. */
function counted(text: string): string {
  return text.replace(/\d+/g, (digits) => {
    const number = digits.replace(/^0+(?=\d)/, '');
    return `${String(number.length).padStart(2, '0')}${number}`;
  });
}
