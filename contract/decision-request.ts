import type { OnDeadline } from './decision.js';
import { nodeAction, type AdminAction } from './node-actions.js';

/** Parameters of a decision; those that its body does not have are left out. */
export interface DecisionWords {
  reason?: string | undefined;
  /** How long running sessions may take: `15m`. */
  deadline?: string | undefined;
  onDeadline?: OnDeadline | undefined;
  /** When it begins and when it ends by itself, as ISO 8601. */
  at?: string | undefined;
  until?: string | undefined;
  /** Ends sessions that still run. */
  force?: boolean | undefined;
}

/** Body and query of a decision's request, the same for every program. */
export function decisionRequest(
  action: AdminAction,
  { reason = '', deadline, onDeadline, at, until, force = false }: DecisionWords,
): { body?: Record<string, string>; query?: Record<string, string> } {
  switch (nodeAction(action).body) {
    case 'reason':
      return { body: { reason } };
    case 'message':
      return { body: { message: reason } };
    case 'drain':
      return { body: { reason, ...patience({ deadline, onDeadline }) } };
    case 'span':
      return { body: { reason, ...patience({ deadline, onDeadline }), ...(at && { at }), ...(until && { until }) } };
    case 'force':
      return { query: { force: force ? 'true' : 'false', ...(reason !== '' && { reason }) } };
  }
}

function patience({ deadline, onDeadline }: Pick<DecisionWords, 'deadline' | 'onDeadline'>): Record<string, string> {
  return { ...(deadline !== undefined && { deadline }), ...(onDeadline && { onDeadline }) };
}
