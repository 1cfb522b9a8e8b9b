import type { DrainSetInput } from '../../contract/drain-set.js';
import type { DrainSetRecord } from './drain-set-record.js';

/** Events per run: a history of this length replays quickly. */
const MAX_RUN_EVENTS = 1_000;

/** Input of the workflow: of a new set, or from the last projection where the workflow was lost. */
export function drainSetInput(set: DrainSetRecord): DrainSetInput {
  const { id, actor, reason, labels, maxUnavailable, patienceMs, onDeadline, update, ruling, members, revision } = set;
  const { notBefore, window } = set;
  return {
    id,
    by: actor.by,
    reason,
    labels,
    maxUnavailable,
    patienceMs,
    onDeadline,
    ...(notBefore !== undefined && { notBefore }),
    ...(window !== undefined && { window }),
    ...(update && { update, forgiven: forgivenIn(set) }),
    ruling,
    members,
    revision,
    maxRunEvents: MAX_RUN_EVENTS,
  };
}

/** Number of failures that were known when the set was resumed, and so do not count against it. */
function forgivenIn({ ruling, members }: DrainSetRecord): number {
  if (ruling.value !== 'resume') return 0;
  return members.filter(({ state, since }) => state === 'FAILED' && since <= ruling.at).length;
}
