import type { Preview } from '../../client/index.js';
import {
  MAX_PREVIEW_COLUMNS,
  MAX_PREVIEW_LENGTH,
  MAX_PREVIEW_ROWS,
  MAX_PREVIEW_VALUE_LENGTH,
} from '../../contract/sessions.js';
import { acceptableText } from '../process/reportable.js';

/** Collects the beginning of a result, within the contract's limits. */
export class PreviewBuilder {
  private readonly rows: (string | null)[][] = [];
  private readonly columns: Preview['columns'];
  private length = 0;
  private truncated: boolean;
  private full = false;

  constructor(columns: readonly { name: string; type: string }[]) {
    this.truncated = columns.length > MAX_PREVIEW_COLUMNS;
    this.columns = columns
      .slice(0, MAX_PREVIEW_COLUMNS)
      .map(({ name, type }) => ({ name: this.shortened(name), type: this.shortened(type) }));
  }

  /** Whether it takes more rows. */
  get wantsMore(): boolean {
    return !this.full;
  }

  /** @param textOf the row's value in a column as text; null if it is null */
  add(textOf: (column: number) => string | null): void {
    if (this.full) return;
    const before = this.length;
    const row = this.columns.map((_, column) => {
      const text = textOf(column);
      return text === null ? null : this.shortened(text);
    });
    if (this.length > MAX_PREVIEW_LENGTH || this.rows.length === MAX_PREVIEW_ROWS) {
      this.length = before;
      this.full = this.truncated = true;
      return;
    }
    this.rows.push(row);
  }

  build(): Preview {
    return { columns: this.columns, rows: this.rows, truncated: this.truncated };
  }

  private shortened(text: string): string {
    const plain = acceptableText(text, MAX_PREVIEW_VALUE_LENGTH);
    if (plain.length < text.length) this.truncated = true;
    this.length += plain.length;
    return plain;
  }
}
