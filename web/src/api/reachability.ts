import { useSyncExternalStore } from 'react';

/** Whether the api answers. Times are by the viewer's clock, in milliseconds since 1970. */
export interface Reachability {
  /** Time of the api's last answer; null before the first. */
  lastAnswerAt: number | null;
  /** Since when requests fail; null while they do not. */
  lostSince: number | null;
  /** The reason, for people. */
  why: string;
}

let state: Reachability = { lastAnswerAt: null, lostSince: null, why: '' };
/** Offset of the server's clock from the viewer's, in milliseconds. */
let clockAheadMs = 0;
const listeners = new Set<() => void>();

/** Clocks that differ by less count as equal, in milliseconds: the `Date` header has whole seconds, and answers take time. */
const CLOCK_TOLERANCE_MS = 2_000;

/** Records every answer and every failure; called by the client's fetch. */
export const reachability = {
  heard(response: Response): void {
    const now = Date.now();
    const sentAt = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(sentAt))
      clockAheadMs = Math.abs(sentAt + 500 - now) > CLOCK_TOLERANCE_MS ? sentAt + 500 - now : 0;
    if (response.status >= 502 && response.status <= 504 && !isReadiness(response))
      return this.lost('The api cannot answer: a server that it needs is unavailable.');
    if (response.status >= 500 && !isOfTheApi(response)) return this.lost('The api cannot be reached.');
    set({ lastAnswerAt: now, lostSince: null, why: '' });
  },

  lost(why: string): void {
    set({ ...state, lostSince: state.lostSince ?? Date.now(), why });
  },
};

/** Readiness is a status of its own: an api that cannot record heartbeats still answers. */
function isReadiness(response: Response): boolean {
  return response.url.endsWith('/readyz') && isOfTheApi(response);
}

/** A proxy without an api behind it answers too, but not with the api's documents. */
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

/** Now by the server's clock, from which all displayed times come. */
export function serverNow(): number {
  return Date.now() + clockAheadMs;
}
