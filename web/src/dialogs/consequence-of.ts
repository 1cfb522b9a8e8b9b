import type { Node } from '../../../client/index.js';
import { nodeAction, type AdminAction } from '../../../contract/node-actions.js';
import { plural } from '../parts/size-text.js';

/** The decision's consequence for this node in its present state. */
export function consequenceOf(action: AdminAction, { phase, activeSessions, planned }: Node): string {
  return nodeAction(action)
    .page.consequence.filter(
      (sentence) =>
        (sentence.in?.includes(phase) ?? true) &&
        (sentence.planned === undefined || sentence.planned === (planned !== null)) &&
        (sentence.sessions === undefined || (sentence.sessions === 'some') === activeSessions > 0),
    )
    .map(({ says }) =>
      says
        .replace('<sessions>', plural(activeSessions, 'session'))
        .replace('<active sessions>', plural(activeSessions, 'active session')),
    )
    .join(' ');
}
