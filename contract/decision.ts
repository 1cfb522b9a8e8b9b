import { ADMIN_ACTIONS, POLICY_ACTIONS, type AdminAction, type PolicyAction } from './node-actions.js';
import { SYSTEM, type Approval, type Availability, type EpochMs } from './states.js';

/** What administrators (or a policy, or the joining agent) can decide about a node. Also the names of the workflow's signals. */
export type DecisionAction = 'register' | AdminAction | PolicyAction;
export const DECISION_ACTIONS: readonly DecisionAction[] = ['register', ...ADMIN_ACTIONS, ...POLICY_ACTIONS];

/** What happens to sessions that still run when a drain's deadline passes. */
export const ON_DEADLINE = ['wait', 'terminate'] as const;
export type OnDeadline = (typeof ON_DEADLINE)[number];

/** One part of a decision: the wanted value, and which decision (`seq`) set it, when, why and by whom. */
export interface Ruling<Value extends string> {
  value: Value;
  seq: number;
  since: EpochMs;
  reason: string;
  by: string;
}

/** Who else than a person or a drain set takes a node out and brings it back, each its own alone; a later one takes over from an earlier one. */
export const RULING_ORIGINS = ['check', 'node'] as const;
export type RulingOrigin = (typeof RULING_ORIGINS)[number];

export interface AvailabilityRuling extends Ruling<'ACTIVE' | 'DRAINED'> {
  /** Absent: a person or a drain set. */
  origin?: RulingOrigin;
  /** When the drain's patience ends; without one it waits without limit. */
  deadline?: EpochMs;
  onDeadline: OnDeadline;
  /** The checks that took it out. Absent: none did. */
  checks?: string[];
  /** Of one that is ACTIVE: checks keep new sessions from it, and it is not drained. */
  noNewSessions?: true;
  /** Checks that said UNFIT when a person activated it: they take it out only once they have passed, and fail anew. */
  despite?: string[];
}

export interface Removal {
  /** `now` ends what runs; `drained` waits for the drain first (decommission). */
  when: 'now' | 'drained';
  seq: number;
  since: EpochMs;
  reason: string;
  by: string;
}

/**
 * The whole desired state of a node. Every change makes a new decision with `seq + 1`, committed by compare-and-set; a later one replaces all
 * earlier ones. See docs/adr/0001.
 */
export interface Decision {
  seq: number;
  /** Random, given at the commit: distinguishes decisions with an equal seq after one side was set back. Absent in decisions from before ids existed. */
  id?: string;
  /** Ids of its predecessors, latest first; at most {@link REMEMBERED_DECISIONS}. */
  lineage?: string[];
  /** The action that made this decision of the one before it. */
  action: DecisionAction;
  /** The agent has used its token and holds a credential. */
  registered: boolean;
  approval: Ruling<Approval>;
  availability: AvailabilityRuling;
  removal?: Removal;
}

/** How many predecessors a decision remembers. */
export const REMEMBERED_DECISIONS = 16;

/** Who decides, when and why, and the action's parameters. */
export interface DecisionContext {
  at: EpochMs;
  by: string;
  reason: string;
  deadline?: EpochMs | undefined;
  onDeadline?: OnDeadline | undefined;
  /** Absent: a person or a drain set. */
  origin?: RulingOrigin | undefined;
  /** Of a quarantine: the checks that failed. */
  checks?: string[];
  /** Of a quarantine: it keeps new sessions away, and drains nothing. */
  noNewSessions?: true;
  /** Of an activation: checks that say UNFIT, as whoever activates can see. */
  despite?: string[] | undefined;
}

/** The decision that a new node starts with. */
export function firstDecision(
  context: DecisionContext & { registered: boolean; approval: 'PENDING' | 'APPROVED' },
): Decision {
  const { at, by, reason, registered, approval } = context;
  const ruling = { seq: 1, since: at, reason, by };
  return {
    seq: 1,
    action: 'register',
    registered,
    approval: { value: approval, ...ruling },
    availability: { value: 'ACTIVE', onDeadline: 'wait', ...ruling },
  };
}

/**
 * The decision that follows when `action` is taken on `previous`. Pure, and it does not ask whether the action is
 * allowed: whoever decides asks {@link whyNot} (transitions.ts) before.
 */
export function decide(previous: Decision, action: DecisionAction, context: DecisionContext): Decision {
  const { at, by, reason } = context;
  const seq = previous.seq + 1;
  const mark = { seq, since: at, reason, by };
  const { id, lineage = [], ...rest } = previous;
  const base: Decision = {
    ...rest,
    seq,
    action,
    ...(id !== undefined && { lineage: [id, ...lineage].slice(0, REMEMBERED_DECISIONS) }),
  };
  const active: AvailabilityRuling = { value: 'ACTIVE', onDeadline: 'wait', ...mark, ...originOf(context) };
  switch (action) {
    case 'register':
      return { ...base, registered: true };
    case 'approve':
      return { ...withoutRemoval(base), approval: { value: 'APPROVED', ...mark }, availability: active };
    case 'reject':
      // Rejection clears a drain and a pending removal: a later approve starts afresh.
      return { ...withoutRemoval(base), approval: { value: 'REJECTED', ...mark }, availability: active };
    case 'activate':
      return {
        ...withoutRemoval(base),
        approval: previous.approval.value === 'APPROVED' ? previous.approval : { value: 'APPROVED', ...mark },
        availability: { ...active, ...(context.despite?.length && { despite: context.despite }) },
      };
    case 'release':
      return { ...base, availability: active };
    case 'quarantine': {
      const { checks = [], noNewSessions } = context;
      return {
        ...base,
        availability: { ...(noNewSessions ? { ...active, noNewSessions } : drain(context, mark)), checks },
      };
    }
    case 'deactivate':
      return { ...base, availability: drain(context, mark) };
    case 'decommission':
      return {
        ...base,
        // Keep a drain that is under way, with its deadline, unless a new deadline is given. It is whoever's who decommissions.
        availability:
          previous.availability.value === 'DRAINED' &&
          context.deadline === undefined &&
          context.onDeadline === undefined
            ? taken(previous.availability, context)
            : drain(context, mark),
        removal: { when: 'drained', ...mark },
      };
    case 'remove':
      return { ...base, removal: { when: 'now', ...mark } };
  }
}

function drain(context: DecisionContext, mark: Omit<Ruling<string>, 'value'>): AvailabilityRuling {
  return {
    value: 'DRAINED',
    ...mark,
    ...(context.deadline === undefined ? {} : { deadline: context.deadline }),
    onDeadline: context.onDeadline ?? 'wait',
    ...originOf(context),
  };
}

function taken(
  { origin: _before, checks: _failed, ...ruling }: AvailabilityRuling,
  context: DecisionContext,
): AvailabilityRuling {
  return { ...ruling, ...originOf(context) };
}

function originOf({ origin }: DecisionContext): Pick<AvailabilityRuling, 'origin'> {
  return origin === undefined ? {} : { origin };
}

function withoutRemoval(decision: Decision): Decision {
  const { removal: _cancelled, ...rest } = decision;
  return rest;
}

/**
 * Availability as it stands: what is wanted, and whether the workflow has reported the drain of that very ruling as done.
 * @param drainedSeq seq of the availability ruling whose drain is done, 0 where none is.
 */
export function availabilityOf(ruling: AvailabilityRuling, drainedSeq: number): Availability {
  if (ruling.value === 'ACTIVE') return 'ACTIVE';
  return drainedSeq >= ruling.seq ? 'DRAINED' : 'DRAINING';
}

/** The reason that is recorded when a policy approves. */
export const AUTO_APPROVED = { by: SYSTEM, reason: 'approved automatically: ManualApproval is off' } as const;
