import type { AvailabilityRuling, Decision, OnDeadline } from './decision.js';
import type { NodeCondition } from './fitness.js';
import { APPROVED_PHASES } from './node-actions.js';
import type { Phase } from './phase.js';
import type { EpochMs } from './states.js';

/** What becomes of a node of which a check says UNFIT: nothing, no new sessions while it says so, or a drain. */
export const CONDITION_POLICIES = ['note', 'noNewSessions', 'drain'] as const;

/** What follows from one check. Durations in milliseconds. */
export interface ConditionRule {
  policy: (typeof CONDITION_POLICIES)[number];
  /** How long running sessions may take in its drain; absent: without limit. */
  deadlineMs?: number | undefined;
  onDeadline: OnDeadline;
  /** How long it has to say so. */
  forMs: number;
  /** How long it has to pass until the node comes back. */
  returnAfterMs: number;
}

/** By the name of the check; what is not named is noted. */
export type ConditionRules = ReadonlyMap<string, ConditionRule>;

export const USUAL_RULE: ConditionRule = { policy: 'note', onDeadline: 'wait', forMs: 0, returnAfterMs: 5 * 60_000 };

/** What is asked of a node's record. */
export interface Judged {
  phase: Phase;
  decision: Decision;
  conditions: readonly NodeCondition[] | null;
}

export type FitnessVerdict =
  | { is: 'quarantine'; checks: string[]; noNewSessions?: true; rule: ConditionRule; reason: string }
  | { is: 'release'; checks: string[]; reason: string }
  /** Nothing follows; at `againAt` something may, though nothing changes. */
  | { is: 'stay'; againAt?: EpochMs };

/**
 * What follows from what a node's checks say, whatever the budget. A person's decision wins: what a person took out stays out, and checks that a
 * person activated it despite do nothing until they have passed once.
 */
export function judgeFitness(node: Judged, rules: ConditionRules, now: EpochMs): FitnessVerdict {
  const { availability, removal } = node.decision;
  const isIn = (APPROVED_PHASES as readonly Phase[]).includes(node.phase) && removal === undefined;
  const { checks: out } = availability;
  if (!isIn || (availability.value === 'DRAINED' && out === undefined)) return { is: 'stay' };
  const against = failingAgainst(node, rules);
  const due = against.filter(({ type, since }) => since + ruleFor(rules, type).forMs <= now);
  const drains = due.filter(({ type }) => ruleFor(rules, type).policy === 'drain');
  if (due.length > 0 && (out === undefined || (availability.noNewSessions && drains.length > 0))) {
    const [first] = drains.length > 0 ? drains : due;
    return {
      is: 'quarantine',
      checks: [...new Set([...due.map(({ type }) => type), ...(out ?? [])])],
      ...(drains.length === 0 && { noNewSessions: true as const }),
      rule: ruleFor(rules, first?.type ?? ''),
      reason: due.map(inWords).join('; '),
    };
  }
  const counts = against.map(({ type, since }) => since + ruleFor(rules, type).forMs).filter((at) => at > now);
  if (out === undefined) return stayUntil(Math.min(...counts));
  const returns = returnsAt(node, rules);
  return returns <= now
    ? { is: 'release', checks: out, reason: `${out.join(', ')} passed for as long as was asked` }
    : stayUntil(Math.min(returns, ...counts));
}

/** When a quarantined node comes back if its checks say what they say; Infinity where one of them does not pass. */
export function returnsAt(node: Judged, rules: ConditionRules): EpochMs {
  const { checks = [] } = node.decision.availability;
  if (failingAgainst(node, rules).length > 0) return Infinity;
  const moments = checks.map((check) => {
    const condition = node.conditions?.find(({ type }) => type === check);
    return condition?.status === 'FIT' ? condition.since + ruleFor(rules, check).returnAfterMs : Infinity;
  });
  return Math.max(...moments);
}

export function ruleFor(rules: ConditionRules, check: string): ConditionRule {
  return rules.get(check) ?? USUAL_RULE;
}

/** Conditions that speak for taking the node out, or for leaving it out. */
function failingAgainst({ decision, conditions }: Judged, rules: ConditionRules): NodeCondition[] {
  return (conditions ?? []).filter(
    (condition) =>
      condition.status === 'UNFIT' &&
      ruleFor(rules, condition.type).policy !== 'note' &&
      !isOverruled(condition, decision.availability),
  );
}

function isOverruled({ type, since }: NodeCondition, ruling: AvailabilityRuling): boolean {
  return ruling.despite?.includes(type) === true && since <= ruling.since;
}

function stayUntil(at: EpochMs): FitnessVerdict {
  return Number.isFinite(at) ? { is: 'stay', againAt: at } : { is: 'stay' };
}

function inWords({ type, reason, message }: NodeCondition): string {
  return message === '' ? `${type}: ${reason}` : `${type}: ${message}`;
}
