/** Sort keys of nodes: ascending, or descending with a hyphen in front. */
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

/** Maximum number of words of a search, and its maximum length in characters. */
export const MOST_SEARCH_WORDS = 8;
export const MOST_SEARCH_LENGTH = 128;

/** The words of a search in lower case: it finds nodes that contain all of them. */
export function searchWords(search: string): string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Natural order of ids: node-2 before node-10. Keys compare in that order character by character, and differ for different ids. */
export function naturalKey(id: string): string {
  // A space sorts before every character of ids, so that the longer of two sorts later.
  return `${counted(id)} ${id}`;
}

/** Order of versions, pre-releases before the release: 1.9.0, 1.10.0-rc.1, 1.10.0. */
export function versionKey(version: string): string {
  const [, release = version, before] = /^([^-+]*)(?:-([^+]*))?/.exec(version) ?? [];
  return before === undefined ? `${counted(release)}~` : `${counted(release)}-${counted(before)}`;
}

/** Prefixes each number with its number of digits, so that a longer one is greater. */
function counted(text: string): string {
  return text.replace(/\d+/g, (digits) => {
    const number = digits.replace(/^0+(?=\d)/, '');
    return `${String(number.length).padStart(2, '0')}${number}`;
  });
}
