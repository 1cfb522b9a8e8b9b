import { useSyncExternalStore } from 'react';
import { keep, kept } from '../parts/kept.js';

/** Choices of the control, in milliseconds; 0 is off. */
export const POLL_CHOICES_MS = [0, 2_000, 5_000, 15_000, 60_000] as const;

const KEY = 'rollcall.poll';
const listeners = new Set<() => void>();
let chosen = remembered();

function remembered(): number | undefined {
  const stored = kept('localStorage', KEY);
  return POLL_CHOICES_MS.find((choice) => choice === stored);
}

/** Stores the viewer's choice in this browser; undefined returns to the configured interval. */
export function choosePolling(ms: number | undefined): void {
  chosen = ms;
  keep('localStorage', KEY, ms);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The viewer's choice in milliseconds, 0 for off; undefined if none was made. */
export function usePollChoice(): number | undefined {
  return useSyncExternalStore(subscribe, () => chosen);
}
