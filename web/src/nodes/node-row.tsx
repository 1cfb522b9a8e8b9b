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
  /** Which columns there are. */
  shape: string;
}

/**
 * One node. A poll's answer shares what has not changed with the one before, so that only the rows of nodes that did are
 * rendered anew.
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
              // A checkbox changes by a click, also where a key was pressed.
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
