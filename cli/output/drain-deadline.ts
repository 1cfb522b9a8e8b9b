import type { Node } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { formatRoundSpan } from './age.js';

/** The deadline of a drain, and what happens then. */
export function formatDeadline(
  view: Pick<NonNullable<Node['drain']>, 'deadline' | 'onDeadline' | 'terminating'>,
  now: EpochMs,
): string {
  if (view.terminating) return 'passed: the remaining sessions were told to end';
  if (view.deadline === null) return 'none: it waits for as long as sessions run';
  const left = Date.parse(view.deadline) - now;
  const action = view.onDeadline === 'terminate' ? 'then sessions are terminated' : 'then it goes on waiting';
  return left > 0 ? `in ${formatRoundSpan(left)}, ${action}` : `passed ${formatRoundSpan(-left)} ago`;
}
