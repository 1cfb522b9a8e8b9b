import { useSyncExternalStore } from 'react';
import type { NodeEvent } from '../../../client/index.js';
import { serverNow } from './reachability.js';

/** What was heard of the stream of events, or for how long nothing was heard of it; times in milliseconds since 1970, by the server's clock. */
export type FeedEntry = { event: NodeEvent } | { gap: { from: number; to: number } };

export interface Feed {
  /** The latest first. */
  entries: readonly FeedEntry[];
  /** Since when the stream has been followed; null while it is not. */
  since: number | null;
}

/** Beyond it the oldest are forgotten. */
const MOST = 500;

const NOTHING: Feed = { entries: [], since: null };
let feed = NOTHING;
let brokeAt: number | null = null;
const listeners = new Set<() => void>();

/** What happens to nodes while the page follows their events: kept from the page's beginning, so that whoever comes to look sees what just was. */
export const liveFeed = {
  /** @param missedNothing the stream goes on where it broke */
  began(missedNothing: boolean): void {
    const now = serverNow();
    const gap = brokeAt === null || missedNothing ? [] : [{ gap: { from: brokeAt, to: now } }];
    brokeAt = null;
    set({ entries: [...gap, ...feed.entries].slice(0, MOST), since: feed.since ?? now });
  },

  add(event: NodeEvent): void {
    set({ ...feed, entries: [{ event }, ...feed.entries].slice(0, MOST) });
  },

  /** The stream is not followed any more, until it begins again. */
  broke(): void {
    if (feed.since === null) return;
    brokeAt ??= serverNow();
    set({ ...feed, since: null });
  },

  /** The next person sees nothing of it. */
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
