import { useState } from 'react';
import type { Node } from '../../../client/index.js';
import { useCurrentNode } from './use-current-node.js';

interface AgreedNode {
  /** As last heard. */
  node: Node;
  /** Why the dialog has lost its object, in a sentence. */
  gone: string | undefined;
  /** As the person knew it who has to be asked again; undefined while nothing is different. */
  before: Node | undefined;
  /** Why nothing can be decided before the person has seen it; undefined while nothing is different. */
  notAgreed: string | undefined;
  /** The person has seen what is different. */
  agree: () => void;
}

/**
 * The node that a dialog is about, with what has changed under it: somebody else has decided, or the node has moved on by itself, and what the
 * person was about to say was said of another situation.
 * @param isDeciding the dialog's own decision is under way: what changes then is its own doing
 */
export function useAgreedNode(opened: Node, isDeciding: boolean): AgreedNode {
  const { node, gone } = useCurrentNode(opened);
  const [agreed, setAgreed] = useState(opened);
  const isOther = node.phase !== agreed.phase || node.decision.seq !== agreed.decision.seq;
  const before = isOther && !isDeciding && gone === undefined ? agreed : undefined;
  return {
    node,
    gone,
    before,
    notAgreed: before && 'The node has changed: say first that you want it all the same.',
    agree: () => setAgreed(node),
  };
}
