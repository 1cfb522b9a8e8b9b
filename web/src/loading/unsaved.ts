import { useEffect } from 'react';

let held = 0;

/** Browsers ask in their own words. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** While `is`, the browser asks before the page is left, and the page does not load itself anew: something would be lost with it. */
export function useUnsaved(is: boolean): void {
  useEffect(() => {
    if (!is) return undefined;
    held += 1;
    if (held === 1) addEventListener('beforeunload', ask);
    return () => {
      held -= 1;
      // A page that listens for nothing can be gone back to at once.
      if (held === 0) removeEventListener('beforeunload', ask);
    };
  }, [is]);
}

export function hasUnsaved(): boolean {
  return held > 0;
}
