import { useSyncExternalStore } from 'react';
import type { NodeEvent } from '../../../client/index.js';
import { serverNow } from './reachability.js';

/** An event, or a gap during which the stream was not followed; times in milliseconds since 1970, by the server's clock. */
export type FeedEntry = { event: NodeEvent } | { gap: { from: number; to: number } };

export interface Feed {
  /** Latest first. */
  entries: readonly FeedEntry[];
  /** Since when the stream is open; null while it is not. */
  since: number | null;
}

/** Maximum number; the oldest are dropped. */
const MOST = 500;

const NOTHING: Feed = { entries: [], since: null };
let feed = NOTHING;
let brokeAt: number | null = null;
const listeners = new Set<() => void>();

/** Events of nodes while the page is open: kept from its start, so that a viewer who opens the list also sees what has just happened. */
export const liveFeed = {
  /** @param missedNothing whether the stream resumes where it broke */
  began(missedNothing: boolean): void {
    const now = serverNow();
    const gap = brokeAt === null || missedNothing ? [] : [{ gap: { from: brokeAt, to: now } }];
    brokeAt = null;
    set({ entries: [...gap, ...feed.entries].slice(0, MOST), since: feed.since ?? now });
  },

  add(event: NodeEvent): void {
    set({ ...feed, entries: [{ event }, ...feed.entries].slice(0, MOST) });
  },

  /** The stream is closed until it starts again. */
  broke(): void {
    if (feed.since === null) return;
    brokeAt ??= serverNow();
    set({ ...feed, since: null });
  },

  /** Forgets all events, for the next person. */
  forget(): void {
    brokeAt = null;
    set({ ...NOTHING, since: feed.since });
  },
};

function set(next: Feed): void {
  feed = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLiveFeed(): Feed {
  return useSyncExternalStore(subscribe, () => feed);
}
