import { useState } from 'react';
import type { Node } from '../../../client/index.js';
import { useCurrentNode } from './use-current-node.js';

interface AgreedNode {
  /** Its latest state. */
  node: Node;
  /** Why the dialog no longer applies, as a sentence. */
  gone: string | undefined;
  /** The state that the viewer has seen; undefined while nothing has changed. */
  before: Node | undefined;
  /** Why nothing can be decided before the viewer has seen the change; undefined while nothing has changed. */
  notAgreed: string | undefined;
  /** The viewer has seen the change. */
  agree: () => void;
}

/**
 * The node of a dialog, with its changes while the dialog is open: somebody else has decided, or the node has changed by itself, and the
 * viewer's decision was meant for another situation.
 * @param isDeciding whether the dialog's own decision is under way, which causes changes itself
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
    notAgreed: before && 'The node has changed: confirm first that you want to go on.',
    agree: () => setAgreed(node),
  };
}
