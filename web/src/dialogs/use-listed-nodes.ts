import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Node, NodePage } from '../../../client/index.js';
import { NODES_KEY } from '../api/node-queries.js';
import { useNow } from '../time/use-now.js';

interface ListedNodes {
  /** As the lists behind the dialog last showed them; as they were when it was opened if none does. */
  nodes: readonly Node[];
  /** How many of them have changed phase, or were decided about, since the viewer saw them. */
  changed: number;
  /** The viewer has seen the changes. */
  agree: () => void;
}

/** The nodes of a dialog, kept current by the list behind it, which goes on polling. */
export function useListedNodes(opened: readonly Node[]): ListedNodes {
  const queryClient = useQueryClient();
  const [agreed, setAgreed] = useState(opened);
  // Checks once a second.
  useNow();
  const listed = new Map(
    queryClient
      .getQueriesData<NodePage>({ queryKey: [...NODES_KEY, 'list'], type: 'active' })
      .flatMap(([, page]) => page?.items ?? [])
      .map((node) => [node.uid, node]),
  );
  const nodes = opened.map((node) => listed.get(node.uid) ?? node);
  const changed = nodes.filter((node, index) => isOther(node, agreed[index])).length;
  return { nodes, changed, agree: () => setAgreed(nodes) };
}

function isOther(now: Node, before: Node | undefined): boolean {
  return now.phase !== before?.phase || now.decision.seq !== before.decision.seq;
}
