import { useSyncExternalStore } from 'react';

/** A short message about a success or a failure; failures stay until they are closed. */
export interface Toast {
  id: number;
  kind: 'success' | 'failure' | 'information';
  text: string;
}

const SHOWN_MS = 6_000;
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

export function announce(toast: Omit<Toast, 'id'>): void {
  const id = ++lastId;
  set([...toasts, { ...toast, id }].slice(-4));
  if (toast.kind !== 'failure') setTimeout(() => dismiss(id), SHOWN_MS);
}

export function dismiss(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(subscribe, () => toasts);
}
