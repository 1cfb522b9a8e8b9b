import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { clusterQuery } from '../api/node-queries.js';
import { useLostNodes } from '../api/use-lost-nodes.js';
import { usePollInterval } from '../polling/use-poll-interval.js';

const ICON = '/favicon.svg';
const ICON_OF_LOSS = '/favicon-lost.svg';

/** Marks the tab's icon while nodes are lost; the title has their number. */
export function LostMark() {
  useQuery({ ...clusterQuery, refetchInterval: usePollInterval() });
  const isLost = useLostNodes() > 0;
  useEffect(() => {
    document.querySelector('link[rel="icon"]')?.setAttribute('href', isLost ? ICON_OF_LOSS : ICON);
  }, [isLost]);
  return null;
}
