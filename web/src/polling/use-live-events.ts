import { useDocumentVisibility } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { NodeEvent } from '../../../client/index.js';
import { keysOfEvents } from '../api/event-keys.js';
import { liveFeed } from '../api/live-feed.js';
import { usePollInterval } from './use-poll-interval.js';

/** Minimum time between refreshes caused by events, in milliseconds. */
const GATHERED_FOR_MS = 1_000;
/** Delay before a refused stream is tried again, in milliseconds; polling goes on meanwhile. */
const TRY_AGAIN_MS = 30_000;

/**
 * Refreshes what an event concerns when it happens, however seldom the viewer polls; changes without events (heartbeats, usage) come with the
 * next poll. Only while the tab is visible, since a browser has six connections for all of its tabs, and not if polling is off.
 */
export function useLiveEvents(): void {
  const queryClient = useQueryClient();
  const isWanted = usePollInterval() !== false;
  const isSeen = useDocumentVisibility() === 'visible';
  useEffect(() => {
    if (!isWanted || !isSeen) return undefined;
    const changed = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let stream: EventSource | undefined;
    const refresh = () => {
      timer = undefined;
      for (const key of keysOfEvents(changed)) void queryClient.invalidateQueries({ queryKey: key });
      changed.clear();
    };
    const gather = () => {
      timer ??= setTimeout(refresh, GATHERED_FOR_MS);
    };
    const open = () => {
      const opened = new EventSource('/v1/events');
      // Only a stream that has had an event can resume where it broke.
      let hasPosition = false;
      opened.addEventListener('open', () => liveFeed.began(hasPosition));
      opened.addEventListener('node', ({ data }: MessageEvent<string>) => {
        const event = JSON.parse(data) as NodeEvent;
        hasPosition = true;
        liveFeed.add(event);
        changed.add(event.node);
        gather();
      });
      opened.addEventListener('reset', () => {
        hasPosition = false;
        gather();
      });
      opened.addEventListener('error', () => {
        liveFeed.broke();
        // Otherwise the browser reconnects by itself, and misses nothing.
        if (opened.readyState === EventSource.CLOSED) again = setTimeout(open, TRY_AGAIN_MS);
      });
      stream = opened;
    };
    open();
    return () => {
      stream?.close();
      liveFeed.broke();
      clearTimeout(timer);
      clearTimeout(again);
    };
  }, [queryClient, isWanted, isSeen]);
}
