/** Path of a node's page, or of one of its tabs. */
export function nodePath(id: string, tab?: string): string {
  return `/nodes/${encodeURIComponent(id)}${tab === undefined ? '' : `/${tab}`}`;
}
