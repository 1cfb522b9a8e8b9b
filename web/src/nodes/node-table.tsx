import { Checkbox, VisuallyHidden } from '@mantine/core';
import { useTable } from '@tanstack/react-table';
import { useMemo, useRef } from 'react';
import type { Node } from '../../../client/index.js';
import type { NodeSort } from '../../../contract/node-order.js';
import type { ListLook } from './list-look.js';
import { columns, features } from './node-columns.js';
import { NodeRow } from './node-row.js';
import { SortHeader } from './sort-header.js';
import classes from './node-table.module.css';
import { useKeptFocus } from './use-kept-focus.js';
import type { Selection } from './use-selection.js';

interface NodeTableProps {
  nodes: readonly Node[];
  sort: NodeSort;
  onSort: (sort: NodeSort) => void;
  selection: Selection;
  look: ListLook;
  /** These are from the previous page, while the next loads. */
  superseded: boolean;
}

/** One page of nodes. On narrow screens each node is a card; ARIA roles keep it a table for screen readers. */
export function NodeTable({ nodes, sort, onSort, selection, look, superseded }: NodeTableProps) {
  const rowSelection = useMemo(
    () => Object.fromEntries([...selection.nodes.keys()].map((uid) => [uid, true as const])),
    [selection.nodes],
  );
  const data = useMemo(() => [...nodes], [nodes]);
  const frame = useRef<HTMLDivElement>(null);
  useKeptFocus(frame);
  // Hidden on a page without any checks.
  const isChecked = nodes.some(({ conditions }) => (conditions ?? []).length > 0);
  const shape = [...look.hidden, ...(isChecked ? [] : ['fitness'])].join(' ');
  const shown = useMemo(() => columns.filter(({ id }) => !shape.split(' ').includes(id ?? '')), [shape]);
  const table = useTable({ features, columns: shown, data, getRowId: ({ uid }) => uid, state: { rowSelection } });
  const rows = table.getRowModel().rows;
  const all = rows.length > 0 && rows.every((row) => selection.nodes.has(row.id));
  const some = !all && rows.some((row) => selection.nodes.has(row.id));
  return (
    <div ref={frame} className={classes['frame']} data-density={look.density} data-superseded={superseded || undefined}>
      <table className={classes['table']} role="table" aria-label="Nodes" aria-busy={superseded}>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col" className={classes['select']}>
              <Checkbox
                size="xs"
                aria-label="Select all nodes on this page"
                checked={all}
                indeterminate={some}
                onChange={() => selection.toggleAll(nodes, !all)}
              />
            </th>
            {table.getHeaderGroups()[0]?.headers.map(({ column }) => (
              <SortHeader key={column.id} id={column.id} sort={sort} onSort={onSort}>
                {column.id === 'actions' ? <VisuallyHidden>Actions</VisuallyHidden> : String(column.columnDef.header)}
              </SortHeader>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <NodeRow
              key={row.id}
              node={row.original}
              row={row}
              selected={selection.nodes.has(row.id)}
              onToggle={selection.toggle}
              shape={shape}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
