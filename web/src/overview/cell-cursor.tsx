import { VisuallyHidden } from '@mantine/core';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { CellLayout } from './cell-layout.js';
import { CellMark, type CellMarkProps } from './cell-mark.js';
import { cellOf, isStepKey, ordinalOf, placeOf, stepFrom } from './cell-steps.js';
import { cellTexts } from './cell-texts.js';
import classes from './cells.module.css';

interface CellCursorProps extends CellMarkProps {
  layout: CellLayout;
  onOpen: (index: number) => void;
  /** While the pointer is at another cell. */
  isHidden: boolean;
}

/**
 * Keyboard access to the picture: arrow keys move between cells, Enter opens one. For screen readers it is a list that contains only the present
 * node, since thousands of elements would cost more than the picture.
 */
export function CellCursor({ layout, onOpen, isHidden, ...mark }: CellCursorProps) {
  const { fleet, label } = mark;
  const { id: ids, group } = fleet.nodes;
  const titled = group.length > 0;
  // By name, since nodes that come and go move the others.
  const [chosen, setChosen] = useState('');
  const [hasFocus, setHasFocus] = useState(false);
  const listId = useId();
  const marked = useRef<HTMLDivElement>(null);
  const place = placeOf(layout, ids.indexOf(chosen));
  const cell = cellOf(layout, place, titled);
  const index = cell?.index;
  useEffect(() => {
    if (hasFocus && chosen !== '') marked.current?.scrollIntoView({ block: 'nearest' });
  }, [hasFocus, chosen]);
  if (cell === undefined || index === undefined) return null;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Enter') onOpen(index);
    else if (isStepKey(event.key)) {
      const to = cellOf(layout, stepFrom(layout, place, event.key), titled);
      setChosen((to && ids[to.index]) ?? chosen);
    } else return;
    event.preventDefault();
  };
  return (
    <>
      <div
        role="listbox"
        tabIndex={0}
        className={classes['keys']}
        aria-label="Compute nodes in the picture"
        aria-describedby={`${listId}-how`}
        aria-activedescendant={`${listId}-${index}`}
        onFocus={() => setHasFocus(true)}
        onBlur={() => setHasFocus(false)}
        onKeyDown={onKeyDown}
      >
        <VisuallyHidden
          key={index}
          id={`${listId}-${index}`}
          role="option"
          aria-selected
          aria-posinset={ordinalOf(layout, place)}
          aria-setsize={ids.length}
        >
          {cellTexts(fleet, index, label).join(', ')}
        </VisuallyHidden>
      </div>
      <VisuallyHidden id={`${listId}-how`}>Arrow keys move between nodes; Enter opens one.</VisuallyHidden>
      {hasFocus && !isHidden && (
        <div ref={marked} className={classes['marked']} style={{ insetBlockStart: cell.y, height: layout.size }} />
      )}
      {hasFocus && !isHidden && <CellMark {...mark} cell={cell} />}
    </>
  );
}
