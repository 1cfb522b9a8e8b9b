import type { JSONPathQuery } from 'json-p3';
import { compilePath, found, WithPaths } from './json-path.js';

/** `--filter "@.activeSessions > 3 && @.labels.pool == 'gpu'"`: a filter expression of RFC 9535 over any field of what is listed. */
export class ItemFilter extends WithPaths {
  private query: JSONPathQuery | undefined;

  constructor(private readonly expression: string) {
    super();
  }

  async prepare(): Promise<void> {
    this.query = await compilePath(`$[?${this.expression}]`, '--filter');
  }

  keep<Item>(items: readonly Item[]): readonly Item[] {
    const { query } = this;
    // One at a time: an expression may have alternatives (`@.a, ?@.b`), each of which would find it again.
    return query === undefined ? items : items.filter((item) => found(query, [item]).length > 0);
  }
}
