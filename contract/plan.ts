import type { Decision } from './decision.js';
import type { Fault } from './errors.js';
import type { EpochMs } from './states.js';

/** How far ahead a deactivation can be planned, in milliseconds: one year. */
export const MOST_AHEAD_MS = 366 * 86_400_000;

/** What a plan calls for now; for `stay`, when to judge it again. */
export type PlanVerdict = { is: 'begin' | 'end' | 'lapse' } | { is: 'stay'; againAt?: EpochMs };

/**
 * What a person's plan calls for now. A person's later decision removes a plan, so one that is still there may begin. It waits while
 * a person or a drain set has the node out, and lapses if its own end passes meanwhile. Only a person's deactivation is ended.
 */
export function judgePlan({ approval, availability, removal, planned }: Decision, now: EpochMs): PlanVerdict {
  if (approval.value !== 'APPROVED' || removal !== undefined) return { is: 'stay' };
  const isOutByPerson = availability.value === 'DRAINED' && availability.origin === undefined;
  const ends = isOutByPerson ? availability.until : undefined;
  if (ends !== undefined && ends <= now) return { is: 'end' };
  if (planned?.until !== undefined && planned.until <= now) return { is: 'lapse' };
  if (planned !== undefined && planned.at <= now && !isOutByPerson) return { is: 'begin' };
  const moments = [ends, isOutByPerson ? planned?.until : planned?.at].flatMap((at) => at ?? []);
  return moments.length === 0 ? { is: 'stay' } : { is: 'stay', againAt: Math.min(...moments) };
}

/** When a plan next calls for something: 0 for now, undefined for never. */
export function nextOfPlan(decision: Decision, now: EpochMs): EpochMs | undefined {
  const verdict = judgePlan(decision, now);
  return verdict.is === 'stay' ? verdict.againAt : 0;
}

/** Why a deactivate cannot begin or end at these times; undefined if it can. */
export function whyNotThen(
  { at, until }: { at?: EpochMs | undefined; until?: EpochMs | undefined },
  now: EpochMs,
): Fault | undefined {
  if (at !== undefined && at <= now) return malformed('at', 'has passed', 'Leave it out to begin now');
  if (until !== undefined && until <= now) return malformed('until', 'has passed', 'Name a later moment');
  if (at !== undefined && until !== undefined && until <= at)
    return malformed('until', 'is not after at', 'Name a moment after the beginning');
  const late = Object.entries({ at, until }).find(([, moment]) => moment !== undefined && moment > now + MOST_AHEAD_MS);
  if (late !== undefined) return malformed(late[0], 'is more than a year ahead', 'Name a moment within 366 days');
  return undefined;
}

function malformed(field: string, says: string, hint: string): Fault {
  return { code: 'VALIDATION_FAILED', detail: `${field} ${says}`, field, hint };
}
