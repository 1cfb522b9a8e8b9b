import { ADMIN_ACTIONS, type AdminAction } from './node-actions.js';
import { PLAN_ACTIONS, type PlanAction } from './plan-actions.js';
import { POLICY_ACTIONS, type PolicyAction } from './policy-actions.js';
import { SYSTEM, type Approval, type Availability, type EpochMs } from './states.js';

/** What administrators (or a policy, or the joining agent) can decide about a node. Also the names of the workflow's signals. */
export type DecisionAction = 'register' | AdminAction | PolicyAction | PlanAction;
export const DECISION_ACTIONS: readonly DecisionAction[] = [
  'register',
  ...ADMIN_ACTIONS,
  ...POLICY_ACTIONS,
  ...PLAN_ACTIONS,
];

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

/**
 * Origins of rulings other than persons and drain sets, the weakest first. Each brings back only what it took out; a
 * stronger one takes over a drain.
 */
export const RULING_ORIGINS = ['check', 'node'] as const;
export type RulingOrigin = (typeof RULING_ORIGINS)[number];

export interface AvailabilityRuling extends Ruling<'ACTIVE' | 'DRAINED'> {
  /** Absent: a person or a drain set. */
  origin?: RulingOrigin;
  /** When the drain's deadline passes; absent for no limit. */
  deadline?: EpochMs;
  onDeadline: OnDeadline;
  /** When a node that a person took out comes back by itself. Absent: not before it is activated. */
  until?: EpochMs;
  /** The checks that took it out. Absent: none did. */
  checks?: string[];
  /** Of an ACTIVE node: checks keep new sessions from it without draining it. */
  noNewSessions?: true;
  /** Of a node that took itself out: the quarantine that it took over, which is in force again when the node brings itself back. */
  beneath?: Quarantine;
  /** Checks that said UNFIT when a person activated it: they take it out only if they fail anew after passing. */
  despite?: string[];
}

/** What checks ruled about a node. */
type Quarantine = Pick<
  AvailabilityRuling,
  'value' | 'reason' | 'by' | 'deadline' | 'onDeadline' | 'checks' | 'noNewSessions'
>;

export interface Removal {
  /** `now` ends what runs; `drained` waits for the drain first (decommission). */
  when: 'now' | 'drained';
  seq: number;
  since: EpochMs;
  reason: string;
  by: string;
}

/** A deactivation planned for later, by whom and why. */
export interface PlannedDeactivation {
  seq: number;
  since: EpochMs;
  reason: string;
  by: string;
  /** When it begins. */
  at: EpochMs;
  /** When it ends by itself. Absent: not before the node is activated. */
  until?: EpochMs;
  /** How long running sessions may take from its beginning, in milliseconds. Absent: without limit. */
  patienceMs?: number;
  onDeadline: OnDeadline;
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
  /** The action that led from the previous decision to this one. */
  action: DecisionAction;
  /** The agent has used its token and holds a credential. */
  registered: boolean;
  approval: Ruling<Approval>;
  availability: AvailabilityRuling;
  removal?: Removal;
  /** Absent: none is planned. A person's later decision removes it. */
  planned?: PlannedDeactivation;
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
  /** Of a quarantine: it keeps new sessions away without draining the node. */
  noNewSessions?: true;
  /** Of an activation: checks that say UNFIT at that moment. */
  despite?: string[] | undefined;
  /** Of a plan: when it begins. */
  plannedAt?: EpochMs | undefined;
  /** Of a plan: how long running sessions may take, in milliseconds. */
  patienceMs?: number | undefined;
  /** Of a plan or a deactivate: when it ends by itself. */
  until?: EpochMs | undefined;
  /** The decision leaves a planned deactivation in place, as an update of the agent does. */
  keepsPlan?: true | undefined;
}

/** The decision that a new node starts with. */
export function firstDecision(context: DecisionContext & { registered: boolean; approval: Approval }): Decision {
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
 * The decision that follows when `action` is taken on `previous`. Pure. It does not check whether the action is allowed: callers ask
 * {@link whyNot} (transitions.ts) first.
 */
export function decide(previous: Decision, action: DecisionAction, context: DecisionContext): Decision {
  const { at, by, reason } = context;
  const seq = previous.seq + 1;
  const mark = { seq, since: at, reason, by };
  const { id, lineage = [], ...rest } = previous;
  const base: Decision = {
    ...(leavesPlan(action, context) ? rest : withoutPlan(rest)),
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
        availability: quarantineAgain(previous.availability, context, mark) ?? {
          ...active,
          ...(context.despite?.length && { despite: context.despite }),
        },
      };
    case 'release':
    case 'end':
      return { ...base, availability: active };
    case 'quarantine': {
      const { checks = [], noNewSessions } = context;
      return {
        ...base,
        availability: { ...(noNewSessions ? { ...active, noNewSessions } : drain(context, mark)), checks },
      };
    }
    case 'deactivate':
      return {
        ...base,
        availability: changesItsEnd(previous, context) ?? { ...drain(context, mark), ...takenOver(previous, context) },
      };
    case 'plan':
      return { ...base, planned: plan(context, mark) };
    case 'begin': {
      const { patienceMs, onDeadline, until, ...planned } = previous.planned ?? plan(context, mark);
      const deadline = patienceMs === undefined ? undefined : at + patienceMs;
      const maker = { seq, since: at, by: planned.by, reason: planned.reason };
      return { ...base, availability: drain({ ...context, deadline, onDeadline, until }, maker) };
    }
    case 'lapse':
      return base;
    case 'decommission':
      return {
        ...base,
        // Keep a drain that is under way, with its deadline, unless a new deadline is given. It now belongs to the author of the decommission.
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
    ...(context.deadline !== undefined && { deadline: context.deadline }),
    onDeadline: context.onDeadline ?? 'wait',
    ...(context.until !== undefined && { until: context.until }),
    ...originOf(context),
  };
}

/** What a node that takes itself out finds: a quarantine, or the one that it took over before. A person's decision ends it. */
function takenOver({ availability }: Decision, { origin }: DecisionContext): Pick<AvailabilityRuling, 'beneath'> {
  if (origin !== 'node') return {};
  const { beneath, value, reason, by, deadline, onDeadline, checks, noNewSessions } = availability;
  if (checks === undefined) return beneath === undefined ? {} : { beneath };
  return {
    beneath: {
      ...{ value, reason, by, onDeadline, checks },
      ...(deadline !== undefined && { deadline }),
      ...(noNewSessions && { noNewSessions }),
    },
  };
}

/** The quarantine of a node that comes back, where it had taken one over. */
function quarantineAgain(
  { beneath }: AvailabilityRuling,
  { origin }: DecisionContext,
  { seq, since }: Pick<Ruling<string>, 'seq' | 'since'>,
): AvailabilityRuling | undefined {
  return origin === 'node' && beneath !== undefined ? { ...beneath, seq, since, origin: 'check' } : undefined;
}

/** Whether a person only changes when a person's drain ends: a drain that is under way then goes on. */
function changesItsEnd(
  { availability }: Decision,
  { until, deadline, origin, by, reason }: DecisionContext,
): AvailabilityRuling | undefined {
  const { until: before, ...ruling } = availability;
  if (ruling.value === 'ACTIVE' || ruling.origin !== undefined || origin !== undefined) return undefined;
  if (deadline !== undefined || (until === undefined && before === undefined)) return undefined;
  return { ...ruling, by, reason: reason || ruling.reason, ...(until !== undefined && { until }) };
}

function plan(
  { at, plannedAt = at, until, patienceMs, onDeadline = 'wait' }: DecisionContext,
  mark: Omit<Ruling<string>, 'value'>,
): PlannedDeactivation {
  return {
    ...mark,
    at: plannedAt,
    ...(until !== undefined && { until }),
    ...(patienceMs !== undefined && { patienceMs }),
    onDeadline,
  };
}

/** Actions that leave a planned deactivation in place. */
const LEAVE_PLANS: ReadonlySet<DecisionAction> = new Set(['register', 'quarantine', 'release', 'end']);

function leavesPlan(action: DecisionAction, { origin, keepsPlan }: DecisionContext): boolean {
  return LEAVE_PLANS.has(action) || origin !== undefined || keepsPlan === true;
}

function withoutPlan<Of extends Pick<Decision, 'planned'>>({
  planned: _dropped,
  ...decision
}: Of): Omit<Of, 'planned'> {
  return decision;
}

function taken(
  { origin: _before, checks: _failed, beneath: _kept, until: _end, ...ruling }: AvailabilityRuling,
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
