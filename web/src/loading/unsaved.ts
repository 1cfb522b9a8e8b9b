import { useEffect } from 'react';

let held = 0;

/** Browsers show their own text. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** While `is`, the browser asks before the page is left, and the page does not reload itself, since input would be lost. */
export function useUnsaved(is: boolean): void {
  useEffect(() => {
    if (!is) return undefined;
    held += 1;
    if (held === 1) addEventListener('beforeunload', ask);
    return () => {
      held -= 1;
      // Without the listener the page can be restored from the browser's back/forward cache.
      if (held === 0) removeEventListener('beforeunload', ask);
    };
  }, [is]);
}

export function hasUnsaved(): boolean {
  return held > 0;
}
