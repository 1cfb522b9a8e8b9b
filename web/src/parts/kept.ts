/** `localStorage` is this machine's, for all tabs; `sessionStorage` this tab's, also when it is loaded anew. */
type Where = 'localStorage' | 'sessionStorage';

/** What was kept in this browser, as JSON; undefined where nothing is, or storage is forbidden. */
export function kept(where: Where, key: string): unknown {
  try {
    return JSON.parse(window[where].getItem(key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** Undefined removes it. Where storage is forbidden, or full, what is kept lasts as long as the page. */
export function keep(where: Where, key: string, value: unknown): void {
  try {
    if (value === undefined) window[where].removeItem(key);
    else window[where].setItem(key, JSON.stringify(value));
  } catch {
    // See above.
  }
}
