import type { JSONPathQuery } from 'json-p3';
import { compilePath, found, wholePath, WithPaths } from './json-path.js';
import type { Column } from './table.js';

interface Field {
  header: string;
  path: string;
}

/** `-o jsonpath=PATH` and `-o columns=NAME:PATH,…`: the user's choice of fields. */
export class OwnOutput extends WithPaths {
  private queries: JSONPathQuery[] = [];

  private constructor(
    readonly kind: 'jsonpath' | 'columns',
    private readonly fields: readonly Field[],
  ) {
    super();
  }

  /** Undefined if it is neither, or has no path. */
  static parse(text: string): OwnOutput | undefined {
    const [, kind, rest = ''] = /^(jsonpath|columns)=(.+)$/s.exec(text) ?? [];
    if (kind === 'jsonpath') return new OwnOutput(kind, [{ header: '', path: rest }]);
    if (kind !== 'columns') return undefined;
    const fields = betweenCommas(rest).map((part) => /^([^:]+):(.+)$/s.exec(part)?.slice(1));
    if (fields.some((field) => field === undefined)) return undefined;
    return new OwnOutput(
      kind,
      fields.map(([header = '', path = ''] = []) => ({ header: header.trim(), path: path.trim() })),
    );
  }

  async prepare(): Promise<void> {
    this.queries = await Promise.all(this.fields.map(({ path }) => compilePath(wholePath(path), `-o ${this.kind}`)));
  }

  get columns(): Column<unknown>[] {
    return this.fields.map(({ header }, index) => ({
      header,
      cell: (item) => this.valuesOf(item, index).map(textOf).join(',') || '-',
    }));
  }

  /** The values that the path finds, one per line. */
  lines(item: unknown): string {
    return this.valuesOf(item, 0)
      .map((value) => `${textOf(value)}\n`)
      .join('');
  }

  private valuesOf(item: unknown, index: number): unknown[] {
    const query = this.queries[index];
    return query === undefined ? [] : found(query, item);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Commas within brackets or quotes are part of a path. */
function betweenCommas(text: string): string[] {
  return text.match(/(?:\[(?:'[^']*'|"[^"]*"|[^\]'"])*\]|'[^']*'|"[^"]*"|[^,])+/g) ?? [];
}
