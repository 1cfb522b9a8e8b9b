import { useEffect, useRef, type RefObject } from 'react';

/** What holds the focus for somebody who went from a row into a menu or dialog: the row is where they come back to. */
const ABOVE_THE_PAGE = '[role="dialog"], [role="menu"], dialog';

/**
 * Where the row that the focus was in, or a dialog of it, leaves the table, the focus goes to the same place in the row that has taken its
 * position: it would fall back to the top of the page, and whoever works by keyboard would begin anew.
 */
export function useKeptFocus(frame: RefObject<HTMLElement | null>): void {
  const place = useRef<{ node: string; index: number } | null>(null);
  useEffect(() => {
    const note = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement) || target.closest(ABOVE_THE_PAGE)) return;
      const row = target.closest('tr[data-node]');
      place.current =
        row instanceof HTMLElement && frame.current?.contains(row)
          ? { node: row.dataset['node'] ?? '', index: rowsOf(frame.current).indexOf(row) }
          : null;
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, [frame]);

  // After each drawing: rows leave by polls, dialogs close by themselves.
  useEffect(() => {
    const before = place.current;
    if (before === null || frame.current === null || document.activeElement !== document.body) return;
    const rows = rowsOf(frame.current);
    if (rows.some(({ dataset }) => dataset['node'] === before.node)) return;
    rows[Math.min(before.index, rows.length - 1)]
      ?.querySelector<HTMLElement>('[data-column="actions"] button')
      ?.focus();
  });
}

function rowsOf(frame: HTMLElement): HTMLElement[] {
  return [...frame.querySelectorAll<HTMLElement>('tr[data-node]')];
}
