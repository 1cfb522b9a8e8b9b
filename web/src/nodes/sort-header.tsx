import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../parts/icon.js';
import type { NodeSort } from '../../../contract/node-order.js';
import { NUMERIC, SORTABLE } from './node-columns.js';
import classes from './node-table.module.css';

interface SortHeaderProps {
  id: string;
  sort: NodeSort;
  onSort: (sort: NodeSort) => void;
  children: ReactNode;
}

/** A column's header: a button if the api can sort by it. */
export function SortHeader({ id, sort, onSort, children }: SortHeaderProps) {
  const ascending = SORTABLE[id];
  if (ascending === undefined) {
    return (
      <th role="columnheader" scope="col" data-column={id} className={NUMERIC.has(id) ? 'numeric' : undefined}>
        {children}
      </th>
    );
  }
  const descending = `-${ascending}` as NodeSort;
  const order = sort === ascending ? 'ascending' : sort === descending ? 'descending' : 'none';
  return (
    <th
      role="columnheader"
      scope="col"
      data-column={id}
      aria-sort={order}
      className={NUMERIC.has(id) ? 'numeric' : undefined}
    >
      <UnstyledButton
        className={classes['sort'] ?? ''}
        onClick={() => onSort(order === 'ascending' ? descending : ascending)}
      >
        {children}
        {order !== 'none' && <Icon name={order === 'ascending' ? 'sortUp' : 'sortDown'} size={13} />}
      </UnstyledButton>
    </th>
  );
}
