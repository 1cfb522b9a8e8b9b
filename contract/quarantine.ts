import type { AvailabilityRuling, Decision, OnDeadline } from './decision.js';
import type { NodeCondition } from './fitness.js';
import { APPROVED_PHASES } from './node-actions.js';
import type { Phase } from './phase.js';
import type { EpochMs } from './states.js';

/** Consequence for a node while a check says UNFIT: nothing, no new sessions, or a drain. */
export const CONDITION_POLICIES = ['note', 'noNewSessions', 'drain'] as const;

/** Consequence of one check. Durations in milliseconds. */
export interface ConditionRule {
  policy: (typeof CONDITION_POLICIES)[number];
  /** Time limit for running sessions in its drain; absent: without limit. */
  deadlineMs?: number | undefined;
  onDeadline: OnDeadline;
  /** How long it has to fail before anything follows. */
  forMs: number;
  /** How long it has to pass until the node comes back. */
  returnAfterMs: number;
}

/** By name of the check; checks that are not named are noted only. */
export type ConditionRules = ReadonlyMap<string, ConditionRule>;

export const USUAL_RULE: ConditionRule = { policy: 'note', onDeadline: 'wait', forMs: 0, returnAfterMs: 5 * 60_000 };

/** The parts of a node's record that decide. */
export interface Judged {
  phase: Phase;
  decision: Decision;
  conditions: readonly NodeCondition[] | null;
}

export type FitnessVerdict =
  | { is: 'quarantine'; checks: string[]; noNewSessions?: true; rule: ConditionRule; reason: string }
  | { is: 'release'; checks: string[]; reason: string }
  /** Nothing follows; at `againAt` something may, without any change. */
  | { is: 'stay'; againAt?: EpochMs };

/**
 * What follows from a node's conditions, whatever the budget. A person's decision wins: what a person took out stays out, and checks that
 * failed when a person activated the node have no effect until they have passed once.
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

/** When a quarantined node comes back if its conditions stay as they are; Infinity if one of its checks does not pass. */
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

/** Conditions that are reasons to take the node out, or to leave it out. */
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
