/** Methods allowed per path, which distinguish a wrong method (405) from a wrong path (404). */
export class AllowedMethods {
  readonly #methods = new Map<string, Set<string>>();

  /** @param path in the form of routes: `/v1/nodes/:id` */
  add(method: string | readonly string[], path: string): void {
    const methods = this.#methods.get(path) ?? new Set();
    for (const one of typeof method === 'string' ? [method] : method) methods.add(one);
    this.#methods.set(path, methods);
  }

  /** Allowed methods of a requested URL, sorted; none where there is no such path. */
  of(url: string): string[] {
    const [path = ''] = url.split('?', 1);
    const found = new Set<string>();
    for (const [pattern, methods] of this.#methods) {
      if (matches(pattern, path)) methods.forEach((method) => found.add(method));
    }
    return [...found].sort();
  }
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((segment, at) => (segment.startsWith(':') ? given[at] !== '' : segment === given[at]))
  );
}
