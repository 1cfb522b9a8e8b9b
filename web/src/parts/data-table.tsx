import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './data-table.module.css';

export interface TableColumn<Row> {
  name: string;
  cell: (row: Row) => ReactNode;
  /** `head` names the row and is the top of its card; `wide` has long text; `short` stays on one line; `actions` come last. */
  kind?: 'head' | 'wide' | 'short' | 'actions';
}

interface DataTableProps<Row> {
  /** What the rows are: `Drains`. */
  label: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** These are from the previous page, while the next loads. */
  superseded?: boolean;
}

/** A generic table. On narrow screens each row is a card; ARIA roles keep it a table for screen readers. */
export function DataTable<Row>({ label, columns, rows, keyOf, superseded = false }: DataTableProps<Row>) {
  return (
    <section className={classes['frame']} aria-label={label} data-superseded={superseded || undefined}>
      <table className={classes['table']} role="table" aria-busy={superseded}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ name, kind }) => (
              <th key={name} role="columnheader" scope="col">
                {kind === 'actions' ? <VisuallyHidden>{name}</VisuallyHidden> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row" data-row={keyOf(row)}>
              {columns.map(({ name, kind, cell }) => (
                <td
                  key={name}
                  role="cell"
                  data-kind={kind}
                  {...(kind === 'head' || kind === 'actions' ? {} : { 'data-label': name })}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
