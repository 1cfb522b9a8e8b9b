import { useEffect, useRef, type RefObject } from 'react';

/** Menus and dialogs to which the focus may have moved from a row, and from which it returns. */
const ABOVE_THE_PAGE = '[role="dialog"], [role="menu"], dialog';

/**
 * When the row with the focus, or with an open dialog, leaves the table, the focus moves to the same element of the row that has taken its
 * place. Otherwise it would be lost to the top of the page, and keyboard users would have to start over.
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

  // After each rendering: rows disappear by polls, and dialogs close by themselves.
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
