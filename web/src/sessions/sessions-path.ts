/** The address of the sessions' list, filtered. */
export function sessionsPath(filter: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(filter).toString();
  return search === '' ? '/sessions' : `/sessions?${search}`;
}

/** The address of one session. */
export function sessionPath(id: string): string {
  return `/sessions/${encodeURIComponent(id)}`;
}
