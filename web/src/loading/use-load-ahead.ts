import { useEffect } from 'react';

/** Delay after which the page is idle, in milliseconds. */
const AFTER_MS = 2_000;

/** Loads a part soon after the page, so that it is there when it is needed, even if the api no longer answers then. */
export function useLoadAhead(part: { ahead: () => void }): void {
  useEffect(() => {
    const timer = setTimeout(() => part.ahead(), AFTER_MS);
    return () => clearTimeout(timer);
  }, [part]);
}
