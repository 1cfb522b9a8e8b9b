import type { DrainSetInput } from '../../contract/drain-set.js';
import type { DrainSetRecord } from './drain-set-record.js';

/** A history of this many events replays in a moment. */
const MAX_RUN_EVENTS = 1_000;

/** What the workflow starts with: the beginning, or what its predecessor wrote last where that was lost. */
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

/** Failures that whoever resumed the set knew of. */
function forgivenIn({ ruling, members }: DrainSetRecord): number {
  if (ruling.value !== 'resume') return 0;
  return members.filter(({ state, since }) => state === 'FAILED' && since <= ruling.at).length;
}
