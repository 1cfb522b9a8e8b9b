import { useSyncExternalStore } from 'react';

/** An overlay that is opened by key or button. */
export type Sheet = 'palette' | 'shortcuts';

let opened: Sheet | null = null;
const listeners = new Set<() => void>();

/** Opens one in place of the other; null closes it. */
export function openSheet(sheet: Sheet | null): void {
  opened = sheet;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useOpenedSheet(): Sheet | null {
  return useSyncExternalStore(subscribe, () => opened);
}
