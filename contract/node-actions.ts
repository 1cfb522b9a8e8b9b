import type { Phase } from './phase.js';
import type { Role } from './grants.js';

/** The phases of a node that an administrator has approved. */
export const APPROVED_PHASES = ['WAITING', 'ACTIVE', 'DRAINING', 'DRAINED'] as const satisfies readonly Phase[];

/**
 * Parameters of a decision. `reason`: why. `message`: why, shown to the node too. `drain`: a reason, and how long running sessions may take. `span`: the same,
 * with a beginning and an end; also for several nodes, one after the other. `force`: a reason, and whether running sessions may be ended.
 */
export type DecisionBody = 'reason' | 'message' | 'drain' | 'span' | 'force';

/** What `--wait` waits for: the workflow has applied the decision, the last session has ended, or the node is gone. */
export type DecisionGoal = 'applied' | 'drained' | 'removed';

/** A sentence of a dialog, and when it is shown: in these phases, with some running sessions or with none; always if both are absent. */
export interface ConsequenceSentence {
  /** `<sessions>` is replaced by `3 sessions`, `<active sessions>` by `3 active sessions`. */
  says: string;
  in?: readonly Phase[];
  sessions?: 'some' | 'none';
  /** Whether a deactivate of it is planned. */
  planned?: boolean;
}

/** A decision that administrators can make about a node, for every program that offers it, carries it out or explains it. */
export interface NodeAction {
  from: readonly Phase[];
  /** More than one if the facts decide (a heartbeat that has come already, sessions that still run). */
  to: readonly [Phase, ...Phase[]];
  /** What it changes, for the documentation. */
  effect: string;
  /** The event that records it. */
  event: `Node${string}`;
  role: Role;
  body: DecisionBody;
  /** `post` goes to `/v1/nodes/{id}/<action>`, `delete` to the node itself. */
  http: { method: 'post' | 'delete'; summary: string };
  cli: {
    verb: string;
    /** Heading of the help under which it is listed. */
    group: 'Decide:' | 'Come and go:';
    says: string;
    /** Question that a terminal asks for confirmation; absent for what can be undone. */
    asks?: string;
  };
  waitsFor: DecisionGoal;
  /** Whether it takes something away, which the page highlights. */
  destructive: boolean;
  page: {
    label: string;
    icon: string;
    /** Phases in which it is the usual next step, so that the node's page has a button for it. */
    next: readonly Phase[];
    consequence: readonly ConsequenceSentence[];
    /** Phases in which the dialog asks for the node's name. */
    asksForName?: readonly Phase[];
    /** Follows the words `Node <id>` when it is done. */
    done: string;
    /** The consequence for several nodes at once. */
    bulk: string;
  };
}

const JOINED = ['PENDING', 'REJECTED', ...APPROVED_PHASES] as const satisfies readonly Phase[];
const RUNNING: readonly ConsequenceSentence[] = [
  { sessions: 'none', says: 'It runs none now.' },
  { sessions: 'some', says: 'It runs <sessions> now, which may finish.' },
];

/**
 * All decisions about a node. The api's routes and refusals, the CLI's commands, the page's buttons and dialogs, the events and the
 * documentation are derived from this table; each name is that of the workflow's signal too. decision.ts has the effect on the desired state.
 */
export const NODE_ACTIONS = {
  approve: {
    from: ['PENDING', 'REJECTED'],
    to: ['WAITING'],
    effect: 'the node belongs to the cluster and is active from its next heartbeat on',
    event: 'NodeApproved',
    role: 'operator',
    body: 'reason',
    http: { method: 'post', summary: 'Approve a node' },
    cli: { verb: 'approve', group: 'Decide:', says: 'Let a node into the cluster' },
    waitsFor: 'applied',
    destructive: false,
    page: {
      label: 'Activate',
      icon: 'play',
      next: ['REJECTED'],
      consequence: [
        { in: ['REJECTED'], says: 'The rejection is taken back.' },
        { says: 'The node belongs to the cluster from now on, and gets sessions from its next heartbeat on.' },
      ],
      done: 'is activated',
      bulk: 'They belong to the cluster from now on, and get sessions from their next heartbeats on.',
    },
  },
  reject: {
    from: ['PENDING', ...APPROVED_PHASES],
    to: ['REJECTED'],
    effect: 'sessions are terminated; the node is told the message and can do nothing else',
    event: 'NodeRejected',
    role: 'operator',
    body: 'message',
    http: { method: 'post', summary: 'Reject a node; the message reaches it' },
    cli: {
      verb: 'reject',
      group: 'Decide:',
      says: 'Keep a node out of the cluster; its sessions are terminated',
      asks: 'Sessions that run there are terminated.',
    },
    waitsFor: 'applied',
    destructive: true,
    page: {
      label: 'Reject',
      icon: 'x',
      next: ['PENDING'],
      consequence: [
        { says: 'The node is told the message and can do nothing else.' },
        { sessions: 'some', says: 'Its <active sessions> will be terminated.' },
        { says: 'It can be activated again later.' },
      ],
      asksForName: APPROVED_PHASES,
      done: 'is rejected',
      bulk: 'They are told the message and can do nothing else; sessions that they run are terminated. They can be approved again later.',
    },
  },
  activate: {
    from: ['PENDING', 'DRAINING', 'DRAINED'],
    to: ['WAITING', 'ACTIVE'],
    effect: 'approves a pending node; cancels a drain, or a planned one; brings a drained node back',
    event: 'NodeActivated',
    role: 'operator',
    body: 'reason',
    http: {
      method: 'post',
      summary: 'Activate a node: approves a pending one, cancels a drain, brings a drained one back',
    },
    cli: {
      verb: 'activate',
      group: 'Decide:',
      says: 'Bring a drained node back, cancel a drain, or approve a pending node',
    },
    waitsFor: 'applied',
    destructive: false,
    page: {
      label: 'Activate',
      icon: 'play',
      next: ['PENDING', 'DRAINING', 'DRAINED'],
      consequence: [
        {
          in: ['PENDING'],
          says: 'The node is approved: it belongs to the cluster from now on, and gets sessions from its next heartbeat on.',
        },
        {
          in: ['DRAINING'],
          says: 'The drain is cancelled: running sessions go on, and the node gets new ones again. A decommission that was under way is cancelled with it.',
        },
        { in: ['DRAINED'], says: 'The node gets new sessions again.' },
        {
          in: ['WAITING', 'ACTIVE'],
          planned: false,
          says: 'The node gets new sessions again, whatever its checks say: they count once they have passed and fail anew.',
        },
        { planned: true, says: 'Its planned deactivation is cancelled.' },
      ],
      done: 'is activated',
      bulk: 'They get new sessions again: drains are cancelled, decommissions with them, and pending nodes are approved.',
    },
  },
  deactivate: {
    from: ['WAITING', 'ACTIVE'],
    to: ['DRAINING'],
    effect: 'no new sessions; running ones finish, then the node is drained',
    event: 'NodeDeactivated',
    role: 'operator',
    body: 'span',
    http: { method: 'post', summary: 'Drain a node: no new sessions, running ones finish' },
    cli: {
      verb: 'deactivate',
      group: 'Decide:',
      says: 'Drain a node, or several one after the other: no new sessions, running ones finish',
    },
    waitsFor: 'drained',
    destructive: false,
    page: {
      label: 'Deactivate',
      icon: 'pause',
      next: ['WAITING', 'ACTIVE'],
      consequence: [
        { says: 'The node gets no new sessions.' },
        ...RUNNING,
        { says: 'When the last one has ended the node is drained; Activate brings it back at any time.' },
      ],
      done: 'is deactivated',
      bulk: 'Each gets no new sessions when its turn comes. Running ones may finish; then it is drained. Activate brings it back.',
    },
  },
  decommission: {
    from: APPROVED_PHASES,
    to: ['DRAINING', 'DRAINED'],
    effect: 'deactivate, drain and remove, as one durable process',
    event: 'NodeDecommissioned',
    role: 'operator',
    body: 'drain',
    http: { method: 'post', summary: 'Drain a node, then remove it, as one durable process' },
    cli: {
      verb: 'decommission',
      group: 'Come and go:',
      says: 'Drain a node, then remove it',
      asks: 'To come back, the machine must be registered anew.',
    },
    waitsFor: 'removed',
    destructive: true,
    page: {
      label: 'Decommission',
      icon: 'trash',
      next: ['ACTIVE'],
      consequence: [
        { in: ['WAITING', 'ACTIVE'], says: 'The node gets no new sessions.' },
        { in: ['DRAINING'], says: 'The node is draining already.' },
        { in: ['DRAINED'], says: 'The node is drained already.' },
        ...RUNNING,
        {
          says: 'When the last one has ended the node is removed for good: its credential stops working, and its name is free again. Until then Activate cancels it.',
        },
      ],
      asksForName: APPROVED_PHASES,
      done: 'is being decommissioned',
      bulk: 'They get no new sessions. Running ones may finish; then each node is removed for good: its credential stops working, and its name is free again.',
    },
  },
  remove: {
    from: ['REGISTERED', ...JOINED],
    to: ['REMOVED'],
    effect: 'credentials are revoked at once; the name is free again',
    event: 'NodeRemoved',
    role: 'operator',
    body: 'force',
    http: { method: 'delete', summary: 'Remove a node for good: its credential stops working at once' },
    cli: {
      verb: 'delete',
      group: 'Come and go:',
      says: 'Remove a node for good; its credentials stop working at once',
      asks: 'To come back, the machine must be registered anew.',
    },
    waitsFor: 'removed',
    destructive: true,
    page: {
      label: 'Remove',
      icon: 'trash',
      next: ['REJECTED', 'DRAINED'],
      consequence: [
        {
          in: ['REGISTERED'],
          says: 'The slot is removed: its bootstrap token stops working at once, and the name is free again.',
        },
        {
          in: JOINED,
          says: 'The node is removed for good: its credential stops working at once, and its name is free again. To come back, the machine must be registered anew.',
        },
      ],
      asksForName: ['REGISTERED', ...JOINED],
      done: 'is removed',
      bulk: 'They are removed for good: their credentials stop working at once, and their names are free again.',
    },
  },
} as const satisfies Record<string, NodeAction>;

/** The actions that an administrator can request. */
export type AdminAction = keyof typeof NODE_ACTIONS;
export const ADMIN_ACTIONS = Object.keys(NODE_ACTIONS) as readonly AdminAction[];

/** One row, without what distinguishes it from the others. */
export function nodeAction(action: AdminAction): NodeAction {
  return NODE_ACTIONS[action];
}
