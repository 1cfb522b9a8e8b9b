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

/** Now by the server's clock, in milliseconds since 1970; renders again every second. All ages on the page share one timer. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
