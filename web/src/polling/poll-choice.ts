import { useSyncExternalStore } from 'react';

/** What the control offers, in milliseconds; 0 is off. */
export const POLL_CHOICES_MS = [0, 2_000, 5_000, 15_000, 60_000] as const;

const KEY = 'rollcall.poll';
const listeners = new Set<() => void>();
let chosen = remembered();

function remembered(): number | undefined {
  try {
    const stored = Number(localStorage.getItem(KEY) ?? Number.NaN);
    return (POLL_CHOICES_MS as readonly number[]).includes(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers the viewer's choice on this machine; undefined goes back to the configured interval. */
export function choosePolling(ms: number | undefined): void {
  chosen = ms;
  try {
    if (ms === undefined) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, String(ms));
  } catch {
    // Storage is forbidden here: the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The viewer's choice in milliseconds, 0 for off; undefined where none was made. */
export function usePollChoice(): number | undefined {
  return useSyncExternalStore(subscribe, () => chosen);
}
