/** The address of one join token. */
export function joinTokenPath(id: string): string {
  return `/join-tokens/${encodeURIComponent(id)}`;
}

/** What a token is called: what it is for, or its id. */
export function joinTokenName({ id, description }: { id: string; description: string }): string {
  return description || id;
}
