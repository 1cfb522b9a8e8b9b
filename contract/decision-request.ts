import type { OnDeadline } from './decision.js';
import { nodeAction, type AdminAction } from './node-actions.js';

/** What somebody says with a decision; what its body has no place for is left out. */
export interface DecisionWords {
  reason?: string | undefined;
  /** How long running sessions may take: `15m`. */
  deadline?: string | undefined;
  onDeadline?: OnDeadline | undefined;
  /** Ends sessions that still run. */
  force?: boolean | undefined;
}

/** The body and the query of a decision's request, the same from every program. */
export function decisionRequest(
  action: AdminAction,
  { reason = '', deadline, onDeadline, force = false }: DecisionWords,
): { body?: Record<string, string>; query?: Record<string, string> } {
  switch (nodeAction(action).body) {
    case 'reason':
      return { body: { reason } };
    case 'message':
      return { body: { message: reason } };
    case 'drain':
      return { body: { reason, ...(deadline !== undefined && { deadline }), ...(onDeadline && { onDeadline }) } };
    case 'force':
      return { query: { force: force ? 'true' : 'false', ...(reason !== '' && { reason }) } };
  }
}
