import { useEffect } from 'react';

/** The page has nothing else to do by then, in milliseconds. */
const AFTER_MS = 2_000;

/** Loads a part soon after the page has come, so that it is there when it is wanted, whether the api answers then or not. */
export function useLoadAhead(part: { ahead: () => void }): void {
  useEffect(() => {
    const timer = setTimeout(() => part.ahead(), AFTER_MS);
    return () => clearTimeout(timer);
  }, [part]);
}
