import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Node, NodePage } from '../../../client/index.js';
import { NODES_KEY } from '../api/node-queries.js';
import { useNow } from '../time/use-now.js';

interface ListedNodes {
  /** As the lists behind the dialog last showed them; as they were when it was opened where none does. */
  nodes: readonly Node[];
  /** How many of them are in another phase than the person knew, or were decided about. */
  changed: number;
  /** The person has seen what is different. */
  agree: () => void;
}

/** The nodes that a dialog is about, as they change while it is open: the list behind it goes on being asked for. */
export function useListedNodes(opened: readonly Node[]): ListedNodes {
  const queryClient = useQueryClient();
  const [agreed, setAgreed] = useState(opened);
  // Looks once a second.
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
