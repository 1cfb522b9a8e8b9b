import { useCallback, useMemo, useState } from 'react';
import type { Node } from '../../../client/index.js';

/** Nodes that were selected, by uid, over all pages: as they were when they were last seen. */
export interface Selection {
  nodes: ReadonlyMap<string, Node>;
  toggle: (node: Node, selected: boolean) => void;
  toggleAll: (nodes: readonly Node[], selected: boolean) => void;
  clear: () => void;
}

/** @param seen the nodes in sight: what is selected of them is kept up to date */
export function useSelection(seen: readonly Node[]): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Node>>(new Map());
  const toggleAll = useCallback((nodes: readonly Node[], selected: boolean) => {
    setChosen((before) => {
      const next = new Map(before);
      for (const node of nodes) {
        if (selected) next.set(node.uid, node);
        else next.delete(node.uid);
      }
      return next;
    });
  }, []);
  const toggle = useCallback((node: Node, selected: boolean) => toggleAll([node], selected), [toggleAll]);
  const clear = useCallback(() => setChosen(new Map()), []);
  const nodes = useMemo(() => {
    const current = new Map(chosen);
    for (const node of seen) if (current.has(node.uid)) current.set(node.uid, node);
    return current;
  }, [chosen, seen]);
  return useMemo(() => ({ nodes, toggle, toggleAll, clear }), [nodes, toggle, toggleAll, clear]);
}
