/** Path of one join token. */
export function joinTokenPath(id: string): string {
  return `/join-tokens/${encodeURIComponent(id)}`;
}

/** A token's description, or its id. */
export function joinTokenName({ id, description }: { id: string; description: string }): string {
  return description || id;
}
