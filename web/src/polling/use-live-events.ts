import { useDocumentVisibility } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { CLUSTER_KEY, keysOfNode, NODES_KEY } from '../api/node-queries.js';
import { usePollInterval } from './use-poll-interval.js';

/** However much happens, what is shown is asked for anew so often at most, in milliseconds. */
const GATHERED_FOR_MS = 1_000;
/** A stream that the api refused is tried again after so long, in milliseconds; polling goes on meanwhile. */
const TRY_AGAIN_MS = 30_000;

/** What an event of the stream concerns. */
interface NodeEvent {
  node: string;
}

/**
 * Asks for what an event concerns when it happens, however seldom the viewer polls; what no event tells (heartbeats, what is in use) comes with the
 * next poll. Only while the tab is seen: a browser has six connections for all of its tabs. Not where polling is off.
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
      for (const key of [...[...changed].flatMap(keysOfNode), [...NODES_KEY, 'list'], CLUSTER_KEY])
        void queryClient.invalidateQueries({ queryKey: key });
      changed.clear();
    };
    const gather = () => {
      timer ??= setTimeout(refresh, GATHERED_FOR_MS);
    };
    const open = () => {
      const opened = new EventSource('/v1/events');
      opened.addEventListener('node', ({ data }: MessageEvent<string>) => {
        changed.add((JSON.parse(data) as NodeEvent).node);
        gather();
      });
      opened.addEventListener('reset', gather);
      opened.addEventListener('error', () => {
        // Otherwise the browser comes back by itself, and misses nothing.
        if (opened.readyState === EventSource.CLOSED) again = setTimeout(open, TRY_AGAIN_MS);
      });
      stream = opened;
    };
    open();
    return () => {
      stream?.close();
      clearTimeout(timer);
      clearTimeout(again);
    };
  }, [queryClient, isWanted, isSeen]);
}
