import type { ReactNode } from 'react';
import type { Node } from '../../../client/index.js';
import { overdueDecisionMs } from '../../../contract/catching-up.js';
import { stretchText } from '../time/time-text.js';
import { useNow } from '../time/use-now.js';

/** Text for a last decision that is not applied in time, and text until then. */
export function LateDecision({
  node,
  children,
  soon = null,
}: {
  node: Node;
  /** @param stretch for how long: `2 min` */
  children: (stretch: string) => ReactNode;
  soon?: ReactNode;
}) {
  const lateMs = overdueDecisionMs(node, useNow());
  return lateMs === undefined ? soon : children(stretchText(lateMs));
}
