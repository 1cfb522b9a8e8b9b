import { useSyncExternalStore } from 'react';

/** Whether the api answers; all times are the viewer's clock, in milliseconds since 1970. */
export interface Reachability {
  /** When the api was last heard; null before its first answer. */
  lastAnswerAt: number | null;
  /** Since when requests fail; null while they do not. */
  lostSince: number | null;
  /** Why, for people. */
  why: string;
}

let state: Reachability = { lastAnswerAt: null, lostSince: null, why: '' };
/** How far the server's clock is ahead of the viewer's, in milliseconds. */
let clockAheadMs = 0;
const listeners = new Set<() => void>();

/** Clocks that differ by less are taken as one: the `Date` header has seconds only, and answers travel. */
const CLOCK_TOLERANCE_MS = 2_000;

/** Every answer and every silence is told here, by the client's fetch. */
export const reachability = {
  heard(response: Response): void {
    const now = Date.now();
    const sentAt = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(sentAt))
      clockAheadMs = Math.abs(sentAt + 500 - now) > CLOCK_TOLERANCE_MS ? sentAt + 500 - now : 0;
    if (response.status >= 502 && response.status <= 504 && !isReadiness(response))
      return this.lost('The api answers that it cannot: a server that it needs is away.');
    if (response.status >= 500 && !isOfTheApi(response)) return this.lost('The api cannot be reached.');
    set({ lastAnswerAt: now, lostSince: null, why: '' });
  },

  lost(why: string): void {
    set({ ...state, lostSince: state.lostSince ?? Date.now(), why });
  },
};

/** It says by its status whether the api can record heartbeats, and an api that cannot answers all the same. */
function isReadiness(response: Response): boolean {
  return response.url.endsWith('/readyz') && isOfTheApi(response);
}

/** A proxy that finds no api behind it answers too, but not with the api's documents. */
function isOfTheApi(response: Response): boolean {
  return (response.headers.get('content-type') ?? '').includes('json');
}

function set(next: Reachability): void {
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useReachability(): Reachability {
  return useSyncExternalStore(subscribe, () => state);
}

/** Now by the server's clock, which stamped whatever the page shows. */
export function serverNow(): number {
  return Date.now() + clockAheadMs;
}
