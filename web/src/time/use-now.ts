import { useSyncExternalStore } from 'react';
import { serverNow } from '../api/reachability.js';

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let now = serverNow();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = serverNow();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = serverNow();
    timer = setInterval(tick, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Now by the server's clock, in milliseconds since 1970; renders anew every second. One timer for the page, however many ages it shows. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
