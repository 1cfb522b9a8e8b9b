import { useDocumentVisibility } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { CLUSTER_KEY, NODES_KEY } from '../api/node-queries.js';
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
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (!isWanted || !isSeen) return undefined;
    const stream = new EventSource('/v1/events');
    const changed = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      for (const key of [...[...changed].flatMap(keysOfNode), [...NODES_KEY, 'list'], CLUSTER_KEY])
        void queryClient.invalidateQueries({ queryKey: key });
      changed.clear();
    };
    const gather = () => {
      timer ??= setTimeout(refresh, GATHERED_FOR_MS);
    };
    stream.addEventListener('node', ({ data }: MessageEvent<string>) => {
      changed.add((JSON.parse(data) as NodeEvent).node);
      gather();
    });
    stream.addEventListener('reset', gather);
    let again: ReturnType<typeof setTimeout> | undefined;
    stream.addEventListener('error', () => {
      // Otherwise the browser comes back by itself, and misses nothing.
      if (stream.readyState === EventSource.CLOSED) again ??= setTimeout(() => setAttempt((n) => n + 1), TRY_AGAIN_MS);
    });
    return () => {
      stream.close();
      clearTimeout(timer);
      clearTimeout(again);
    };
  }, [queryClient, isWanted, isSeen, attempt]);
}

function keysOfNode(id: string): (readonly string[])[] {
  return ['one', 'events', 'sessions'].map((what) => [...NODES_KEY, what, id]);
}
