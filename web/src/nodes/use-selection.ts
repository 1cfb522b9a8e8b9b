import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Node } from '../../../client/index.js';

/** Selected nodes over all pages, by uid, as last seen. */
export interface Selection {
  nodes: ReadonlyMap<string, Node>;
  /** @param range all from the previously toggled node to this one, if they are visible */
  toggle: (node: Node, selected: boolean, range?: boolean) => void;
  toggleAll: (nodes: readonly Node[], selected: boolean) => void;
  clear: () => void;
}

/** @param seen the visible nodes in order, which update the selected ones */
export function useSelection(seen: readonly Node[]): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Node>>(new Map());
  const sight = useRef(seen);
  useEffect(() => {
    sight.current = seen;
  }, [seen]);
  const latest = useRef<string>(undefined);
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
  const toggle = useCallback(
    (node: Node, selected: boolean, range = false) => {
      toggleAll(range ? rangeOf(sight.current, latest.current, node) : [node], selected);
      latest.current = node.uid;
    },
    [toggleAll],
  );
  const clear = useCallback(() => setChosen(new Map()), []);
  const nodes = useMemo(() => {
    const current = new Map(chosen);
    for (const node of seen) if (current.has(node.uid)) current.set(node.uid, node);
    return current;
  }, [chosen, seen]);
  return useMemo(() => ({ nodes, toggle, toggleAll, clear }), [nodes, toggle, toggleAll, clear]);
}

/** From the row of this uid to that of the node; the node alone if the former is not visible. */
export function rangeOf(seen: readonly Node[], from: string | undefined, node: Node): readonly Node[] {
  const start = seen.findIndex(({ uid }) => uid === from);
  const end = seen.findIndex(({ uid }) => uid === node.uid);
  return start < 0 || end < 0 ? [node] : seen.slice(Math.min(start, end), Math.max(start, end) + 1);
}
