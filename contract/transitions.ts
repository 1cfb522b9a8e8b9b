import { RULING_ORIGINS, type AvailabilityRuling, type DecisionAction, type RulingOrigin } from './decision.js';
import type { ErrorCode, Fault } from './errors.js';
import { ADMIN_ACTIONS, APPROVED_PHASES, NODE_ACTIONS, type AdminAction } from './node-actions.js';
import { PLAN_ACTIONS, PLAN_TABLE, type PlanAction } from './plan-actions.js';
import { POLICY_ACTIONS, POLICY_TABLE, type PolicyAction } from './policy-actions.js';
import { PHASES, type Phase } from './phase.js';
import type { EpochMs, Liveness, NodeType } from './states.js';

/** Who moves a node: people and the policy of conditions decide, agents act, the lifecycle workflow completes. */
export type Mover = 'administrator' | 'policy' | 'agent' | 'workflow';

export interface Transition {
  by: Mover;
  from: readonly Phase[];
  /** More than one if the facts decide (a policy, a heartbeat that has come already, sessions that still run). */
  to: readonly [Phase, ...Phase[]];
  /** What it changes, for the documentation. */
  effect: string;
}

type AdministratorsTransitions = {
  [Action in AdminAction]: Pick<(typeof NODE_ACTIONS)[Action], 'from' | 'to' | 'effect'> & { by: 'administrator' };
};

function administratorsTransitions(): AdministratorsTransitions {
  const rows = ADMIN_ACTIONS.map((action) => {
    const { from, to, effect } = NODE_ACTIONS[action];
    return [action, { by: 'administrator', from, to, effect }];
  });
  return Object.fromEntries(rows) as AdministratorsTransitions;
}

type PolicysTransitions = {
  [Action in PolicyAction]: Pick<(typeof POLICY_TABLE)[Action], 'from' | 'to' | 'effect'> & { by: 'policy' };
};

function policysTransitions(): PolicysTransitions {
  const rows = POLICY_ACTIONS.map((action) => {
    const { from, to, effect } = POLICY_TABLE[action];
    return [action, { by: 'policy', from, to, effect }];
  });
  return Object.fromEntries(rows) as PolicysTransitions;
}

type PlansTransitions = {
  [Action in PlanAction]: Pick<(typeof PLAN_TABLE)[Action], 'by' | 'from' | 'to' | 'effect'>;
};

function plansTransitions(): PlansTransitions {
  const rows = PLAN_ACTIONS.map((action) => {
    const { by, from, to, effect } = PLAN_TABLE[action];
    return [action, { by, from, to, effect }];
  });
  return Object.fromEntries(rows) as PlansTransitions;
}

/**
 * All transitions of a node: its decisions (node-actions.ts), and what happens by itself. The API's 409, the CLI's hint, the web page's disabled
 * button and the diagram in the documentation all read this table; the workflow's tests have a case for every row.
 */
export const TRANSITIONS = {
  register: {
    by: 'agent',
    from: ['REGISTERED'],
    to: ['PENDING', 'WAITING'],
    effect: 'the bootstrap token is used up; the node gets a credential',
  },
  ...administratorsTransitions(),
  ...policysTransitions(),
  ...plansTransitions(),
  firstHeartbeat: {
    by: 'agent',
    from: ['WAITING'],
    to: ['ACTIVE'],
    effect: 'the node gets sessions',
  },
  drained: {
    by: 'workflow',
    from: ['DRAINING'],
    to: ['DRAINED'],
    effect: 'the last session has ended',
  },
  sessionFound: {
    by: 'workflow',
    from: ['DRAINED'],
    to: ['DRAINING'],
    effect: 'the node reports a session that nobody knew of: the drain goes on until that has ended too',
  },
  removeDrained: {
    by: 'workflow',
    from: ['DRAINED'],
    to: ['REMOVED'],
    effect: 'a decommissioned node is removed',
  },
  removeSilent: {
    by: 'workflow',
    from: ['PENDING', 'REJECTED', ...APPROVED_PHASES],
    to: ['REMOVED'],
    effect: 'a node that was silent for RemoveAfter beyond UNKNOWN is removed',
  },
} as const satisfies Record<
  DecisionAction | 'firstHeartbeat' | 'drained' | 'sessionFound' | 'removeDrained' | 'removeSilent',
  Transition
>;
export type TransitionName = keyof typeof TRANSITIONS;

/** The facts about a node that the table needs. */
export interface Subject {
  id: string;
  type: NodeType;
  phase: Phase;
  liveness: Liveness;
  activeSessions: number;
  /** Absent: a person or a drain set ruled. */
  ruling?: Pick<AvailabilityRuling, 'value' | 'origin' | 'noNewSessions' | 'deadline' | 'until'>;
  /** Whether a deactivate of it is planned. */
  planned?: boolean;
  /** It will be removed once it is drained. */
  leaves?: boolean;
}

interface Refusal {
  code: ErrorCode;
  /** Follows the words `node <id>`. */
  says: string;
  /** The remedy; `<id>` stands for the node's id. */
  hint: string;
}

/** Why a node in this phase refuses an action that its phase forbids. */
const REFUSALS: Record<Phase, Refusal> = {
  REGISTERED: { code: 'NODE_NOT_JOINED', says: 'has not joined yet', hint: 'Start its agent with the bootstrap token' },
  PENDING: { code: 'NODE_NOT_APPROVED', says: 'awaits approval', hint: 'Try: rollcall node approve <id>' },
  REJECTED: { code: 'NODE_REJECTED', says: 'was rejected', hint: 'Try: rollcall node approve <id>' },
  WAITING: {
    code: 'NODE_ALREADY_ACTIVE',
    says: 'is active already and waits for its first heartbeat',
    hint: 'Start its agent',
  },
  ACTIVE: { code: 'NODE_ALREADY_ACTIVE', says: 'is active already', hint: 'See: rollcall node describe <id>' },
  DRAINING: {
    code: 'NODE_DRAINING',
    says: 'is draining already',
    hint: 'To cancel the drain: rollcall node activate <id>',
  },
  DRAINED: { code: 'NODE_DRAINED', says: 'is drained already', hint: 'To bring it back: rollcall node activate <id>' },
  REMOVED: { code: 'NODE_NOT_FOUND', says: 'was removed', hint: 'To bring it back, register it anew' },
};

const ALREADY_APPROVED: Refusal = {
  code: 'NODE_ALREADY_APPROVED',
  says: 'is approved already',
  hint: 'To bring a drained node back: rollcall node activate <id>',
};

/** Tolerance in milliseconds, since repeated reports of the same deadline vary a little. */
const SOONER_MS = 1_000;

const TAKEN_OUT_BY_OTHERS: Refusal = {
  code: 'NODE_TAKEN_OUT_BY_OTHERS',
  says: 'was taken out by somebody else',
  hint: 'An administrator brings it back: rollcall node activate <id>',
};

interface WhyNotOptions {
  force?: boolean;
  origin?: RulingOrigin | undefined;
  deadline?: EpochMs | undefined;
  at?: EpochMs | undefined;
  until?: EpochMs | undefined;
  keepsPlan?: boolean | undefined;
  isTurn?: boolean | undefined;
}

/**
 * Whether `action` is allowed on `subject`: undefined if it is, otherwise why not, for people.
 * @param options.force removes a node that still has active sessions.
 * @param options.origin who asks, if not a person: it brings back only what it took out itself.
 * @param options.deadline of a drain; a node may only bring its own forward.
 * @param options.at of a deactivate: when it begins, if not at once.
 * @param options.until of a deactivate: when it ends by itself.
 * @param options.keepsPlan a planned deactivation stays in place.
 * @param options.isTurn a set drains the node in its turn: a person's deactivation keeps its end.
 */
export function whyNot(action: AdminAction, subject: Subject, options: WhyNotOptions = {}): Fault | undefined {
  const { id, type, phase, liveness, activeSessions, ruling } = subject;
  if (type === 'Requester' && (action !== 'remove' || liveness === 'HEALTHY')) {
    return action === 'remove'
      ? refuse(id, {
          code: 'NODE_IS_REQUESTER',
          says: 'is a running replica of the api',
          hint: 'Stop that replica first',
        })
      : refuse(id, {
          code: 'NODE_IS_REQUESTER',
          says: 'is a replica of the api, not a compute node',
          hint: 'See: rollcall node list',
        });
  }
  const row: Transition = TRANSITIONS[action];
  const isKeptFrom = ruling?.noNewSessions === true && (phase === 'WAITING' || phase === 'ACTIVE');
  const isPlanned = subject.planned === true && (APPROVED_PHASES as readonly Phase[]).includes(phase);
  if (action === 'activate' && options.origin === undefined && (isKeptFrom || isPlanned)) return undefined;
  if (action === 'deactivate' && isOut(phase) && outranks(options.origin, ruling)) return undefined;
  if (action === 'deactivate' && isOut(phase) && changesItsEnd(subject, options)) return undefined;
  if (action === 'deactivate' && phase === 'DRAINING' && isSooner(options, ruling)) return undefined;
  if (!row.from.includes(phase)) {
    const approvedAlready = action === 'approve' && (APPROVED_PHASES as readonly Phase[]).includes(phase);
    return refuse(id, approvedAlready ? ALREADY_APPROVED : REFUSALS[phase]);
  }
  const isOwn = ruling?.value === 'DRAINED' && ruling.origin === options.origin;
  if (action === 'activate' && options.origin !== undefined && !isOwn) return refuse(id, TAKEN_OUT_BY_OTHERS);
  if (action === 'remove' && activeSessions > 0 && !options.force) {
    const sessions = activeSessions === 1 ? '1 active session' : `${activeSessions} active sessions`;
    return refuse(id, {
      code: 'NODE_HAS_SESSIONS',
      says: `has ${sessions}`,
      hint: 'Drain it first: rollcall node decommission <id>; or end them: rollcall node delete <id> --force',
    });
  }
  return undefined;
}

function isOut(phase: Phase): boolean {
  return phase === 'DRAINING' || phase === 'DRAINED';
}

/** A person outranks the node itself, which outranks a check: the higher one takes over a drain. */
function outranks(origin: RulingOrigin | undefined, ruling: Subject['ruling']): boolean {
  if (ruling?.origin === undefined || ruling.value === 'ACTIVE') return false;
  return origin === undefined || RULING_ORIGINS.indexOf(origin) > RULING_ORIGINS.indexOf(ruling.origin);
}

/** Whether a person changes the end of a person's deactivation, or plans the next one. */
function changesItsEnd({ ruling, leaves }: Subject, { origin, at, until, keepsPlan, isTurn }: WhyNotOptions): boolean {
  const isNobodys = origin !== undefined || keepsPlan || isTurn;
  if (isNobodys || ruling?.value !== 'DRAINED' || ruling.origin !== undefined || leaves) return false;
  if (at !== undefined) return ruling.until !== undefined && ruling.until <= at;
  return until !== undefined || ruling.until !== undefined;
}

/** Whether a node that drains itself has less time than it said, because its provider takes the machine away. */
function isSooner(
  { origin, deadline }: { origin?: RulingOrigin | undefined; deadline?: EpochMs | undefined },
  ruling: Subject['ruling'],
): boolean {
  if (origin !== 'node' || ruling?.origin !== 'node' || ruling.value === 'ACTIVE' || deadline === undefined)
    return false;
  return ruling.deadline === undefined || deadline < ruling.deadline - SOONER_MS;
}

function refuse(id: string, refusal: Refusal): Fault {
  return { code: refusal.code, detail: `node ${id} ${refusal.says}`, hint: refusal.hint.replaceAll('<id>', id) };
}

/** The codes of all refusals of `action` that depend on a compute node's phase or sessions, in the order of a life. */
export function refusalsOf(action: AdminAction): ErrorCode[] {
  const subject = { id: '', type: 'Compute', liveness: 'HEALTHY', activeSessions: 1 } as const;
  const codes = PHASES.map((phase) => whyNot(action, { ...subject, phase })?.code);
  return [...new Set(codes.flatMap((code) => code ?? []))];
}
