import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Node } from '../../../client/index.js';
import { ApiFailure } from '../api/api-failure.js';
import { nodeQuery } from '../api/node-queries.js';
import { usePollInterval } from '../polling/use-poll-interval.js';

interface CurrentNode {
  /** As last heard; as it was when the dialog opened where nothing newer is known. */
  node: Node;
  /** Why the dialog has lost its object, in a sentence. */
  gone: string | undefined;
}

/** The node that a dialog is about, as it changes while the dialog is open: others decide too. */
export function useCurrentNode(opened: Node): CurrentNode {
  const refetchInterval = usePollInterval();
  const [openedAt] = useState(Date.now);
  const { data: known, dataUpdatedAt, error } = useQuery({ ...nodeQuery(opened.id), refetchInterval });
  // What an earlier look at the node left behind is older than the list that the dialog was opened from.
  const data = dataUpdatedAt >= openedAt ? known : undefined;
  if (error instanceof ApiFailure && error.code === 'NODE_NOT_FOUND')
    return { node: opened, gone: `Node ${opened.id} has been removed.` };
  if (data && data.uid !== opened.uid)
    return { node: opened, gone: `Node ${opened.id} has been removed, and another node has its name now.` };
  return { node: data ?? opened, gone: undefined };
}
