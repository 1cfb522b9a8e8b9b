/** `localStorage` is shared by all tabs of this browser; `sessionStorage` belongs to this tab and survives a reload. */
type Where = 'localStorage' | 'sessionStorage';

/** A value stored in this browser, as JSON; undefined if there is none, or storage is forbidden. */
export function kept(where: Where, key: string): unknown {
  try {
    return JSON.parse(window[where].getItem(key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** Undefined removes it. If storage is forbidden or full, the value lasts as long as the page. */
export function keep(where: Where, key: string, value: unknown): void {
  try {
    if (value === undefined) window[where].removeItem(key);
    else window[where].setItem(key, JSON.stringify(value));
  } catch {
    // See above.
  }
}
