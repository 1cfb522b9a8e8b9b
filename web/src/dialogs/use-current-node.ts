import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Node } from '../../../client/index.js';
import { ApiFailure } from '../api/api-failure.js';
import { nodeQuery } from '../api/node-queries.js';
import { usePollInterval } from '../polling/use-poll-interval.js';

interface CurrentNode {
  /** Its latest state; as it was when the dialog opened if nothing newer is known. */
  node: Node;
  /** Why the dialog no longer applies, as a sentence. */
  gone: string | undefined;
}

/** The node of a dialog, kept current while the dialog is open. */
export function useCurrentNode(opened: Node): CurrentNode {
  const refetchInterval = usePollInterval();
  const [openedAt] = useState(Date.now);
  const { data: known, dataUpdatedAt, error } = useQuery({ ...nodeQuery(opened.id), refetchInterval });
  // A cached node from an earlier visit may be older than the list from which the dialog was opened.
  const data = dataUpdatedAt >= openedAt ? known : undefined;
  if (error instanceof ApiFailure && error.code === 'NODE_NOT_FOUND')
    return { node: opened, gone: `Node ${opened.id} has been removed.` };
  if (data && data.uid !== opened.uid)
    return { node: opened, gone: `Node ${opened.id} has been removed, and another node has its name.` };
  return { node: data ?? opened, gone: undefined };
}
