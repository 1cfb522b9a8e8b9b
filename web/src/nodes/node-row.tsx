import { Checkbox } from '@mantine/core';
import { FlexRender, type Row } from '@tanstack/react-table';
import { memo } from 'react';
import type { Node } from '../../../client/index.js';
import { NUMERIC, type features } from './node-columns.js';
import classes from './node-table.module.css';

interface NodeRowProps {
  node: Node;
  row: Row<typeof features, Node>;
  selected: boolean;
  onToggle: (node: Node, selected: boolean, range: boolean) => void;
  /** Visible columns. */
  shape: string;
}

/**
 * One node. Structural sharing keeps unchanged nodes of a poll's answer identical, so that only rows of changed nodes are
 * rendered again.
 */
export const NodeRow = memo(
  function NodeRow({ node, row, selected, onToggle }: NodeRowProps) {
    return (
      <tr role="row" data-node={node.id} data-selected={selected || undefined}>
        <td role="cell" className={classes['select']}>
          <Checkbox
            size="xs"
            aria-label={`Select ${node.id}`}
            checked={selected}
            onChange={({ currentTarget, nativeEvent }) =>
              // A checkbox emits a click also for the keyboard.
              onToggle(node, currentTarget.checked, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
            }
          />
        </td>
        {row.getAllCells().map((cell) => (
          <td
            key={cell.id}
            role="cell"
            data-column={cell.column.id}
            data-label={String(cell.column.columnDef.header)}
            className={NUMERIC.has(cell.column.id) ? 'numeric' : undefined}
          >
            <FlexRender cell={cell} />
          </td>
        ))}
      </tr>
    );
  },
  (before, after) =>
    before.node === after.node &&
    before.shape === after.shape &&
    before.selected === after.selected &&
    before.onToggle === after.onToggle,
);
