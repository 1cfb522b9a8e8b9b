import { Injectable } from '@nestjs/common';
import {
  decide,
  type AvailabilityRuling,
  type DecisionAction,
  type OnDeadline,
  type RulingOrigin,
} from '../../contract/decision.js';
import { isoTime } from '../../contract/iso-time.js';
import { eventOf } from '../../contract/lifecycle.js';
import { ADMIN_ACTIONS, type AdminAction } from '../../contract/node-actions.js';
import { whyNotThen } from '../../contract/plan.js';
import type { Node } from '../../contract/schemas/nodes.js';
import type { EpochMs } from '../../contract/states.js';
import { whyNot } from '../../contract/transitions.js';
import type { Actor } from '../auth/caller.js';
import type { Reach } from '../auth/reach.js';
import { TokenStore } from '../auth/token-store.js';
import { MetricRegistry, type Count } from '../process/metric-registry.js';
import { Clock } from '../mechanics/clock.js';
import { KeptAnswers } from '../http/kept-answers.js';
import { ProblemError } from '../http/problem-error.js';
import { SessionStore } from '../sessions/session-store.js';
import { AppliedDecisions } from './applied-decisions.js';
import { LifecycleNotifier } from '../lifecycle/lifecycle-notifier.js';
import { nodeEvent } from '../record/node-event.js';
import { nodeNotFound } from '../record/node-problems.js';
import { NodeReader } from '../nodes/node-reader.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';
import { UnitOfWork } from '../record/unit-of-work.js';

export interface DecisionWish {
  actor: Actor;
  /** Which nodes the actor may decide about. */
  reach: Reach;
  reason: string;
  /** How long to wait for the decision to be applied, in milliseconds. */
  waitMs: number;
  /** End of the caller's admission, which ends the wait. */
  ended?: AbortSignal;
  /** Drain deadline, in milliseconds from now; undefined for none. */
  patienceMs?: number | undefined;
  onDeadline?: OnDeadline | undefined;
  /** When a planned deactivate begins. */
  at?: EpochMs | undefined;
  /** When a deactivate ends by itself. */
  until?: EpochMs | undefined;
  /** Keeps the node's plan, for temporary decisions of agent updates. */
  keepsPlan?: true | undefined;
  /** Whether it is a drain set's turn for the node, which leaves a node alone that a person has out already. */
  isTurn?: true;
  /** Removes a node that still has active sessions. */
  force?: boolean;
  /** Whether the author sees the checks, so that an activation applies despite those that fail. */
  despiteChecks?: true;
  /** Origin, where the author is neither a person nor a drain set. */
  origin?: RulingOrigin;
  /** Called with the node right before the commit, together with the transition table; may throw to refuse the decision. */
  check?: (node: NodeRecord) => void;
}

export interface DecisionOutcome {
  node: Node;
  /** Whether the workflow has applied the decision; it is committed and in force either way. */
  applied: boolean;
}

/** Maximum number of attempts to commit: each failure means that another decision came first. */
const MAX_ATTEMPTS = 10;
/** Maximum number of sessions named in a refusal. */
const NAMED = 10;

/** Commits decisions, then tells the node's workflow. */
@Injectable()
export class DecisionService {
  private readonly decided: Readonly<Record<AdminAction, Count>>;

  constructor(
    private readonly nodes: NodeStore,
    private readonly tokens: TokenStore,
    private readonly unit: UnitOfWork,
    private readonly answers: KeptAnswers,
    private readonly reader: NodeReader,
    private readonly lifecycle: LifecycleNotifier,
    private readonly applied: AppliedDecisions,
    private readonly sessions: SessionStore,
    private readonly clock: Clock,
    metrics: MetricRegistry,
  ) {
    this.decided = metrics.counts(
      'rollcall_decisions_total',
      'Decisions that were committed here, by what was decided; a worker decides for drain sets and unused slots',
      'action',
      ADMIN_ACTIONS,
    );
  }

  /** @throws ProblemError NODE_NOT_FOUND, FORBIDDEN where the node is out of reach, what the transition table forbids, or DECISION_CONFLICT */
  async decide(id: string, action: AdminAction, wish: DecisionWish): Promise<DecisionOutcome> {
    const decided = await this.commit(id, action, wish);
    this.decided[action].inc();
    // Committed: from here on nothing may fail the request. The reconciler repeats a lost signal.
    await this.lifecycle.tell(decided);
    const { node, applied } = await this.applied.waitFor(decided, wish.waitMs, wish.ended);
    return { node: await this.reader.view(node), applied };
  }

  private async commit(id: string, action: AdminAction, wish: DecisionWish): Promise<NodeRecord> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const node = await this.nodes.findLiving(id);
      if (node === null) throw nodeNotFound(id);
      wish.reach.demand(node);
      wish.check?.(node);
      // Checked at each attempt, since the decision that came first may have made this one impossible.
      // Records may know of sessions that the workflow's view does not show yet, and vice versa.
      const sessions =
        action === 'remove' && wish.force !== true
          ? (await this.sessions.recordOf(node.uid)).sessions.map(({ id: session }) => session)
          : [];
      const now = this.clock.now();
      const { force = false, origin, at, until, keepsPlan, isTurn, patienceMs } = wish;
      const deadline = patienceMs === undefined ? undefined : now + patienceMs;
      const options = { force, origin, deadline, at, until, keepsPlan, isTurn };
      const fault = whyNotThen(wish, now) ?? whyNot(action, subjectOf(node, sessions.length), options);
      if (fault !== undefined)
        throw new ProblemError(
          fault.code === 'NODE_HAS_SESSIONS' ? { ...fault, detail: withNames(fault.detail, sessions) } : fault,
        );
      const decided = await this.tryCommit(node, action, wish);
      if (decided !== 'conflict') return decided;
    }
    throw new ProblemError({
      code: 'DECISION_CONFLICT',
      detail: `others keep deciding about node ${id}`,
      hint: 'Look at it, then try again',
    });
  }

  private tryCommit(node: NodeRecord, action: AdminAction, wish: DecisionWish): Promise<NodeRecord | 'conflict'> {
    const { actor, reason, patienceMs, onDeadline, origin, despiteChecks, until, keepsPlan } = wish;
    const at = this.clock.now();
    const deadline = patienceMs === undefined ? undefined : at + patienceMs;
    const made: DecisionAction = wish.at === undefined ? action : 'plan';
    const decision = decide(node.decision, made, {
      ...{ at, by: actor.by, reason, deadline, onDeadline, origin },
      ...{ plannedAt: wish.at, until, patienceMs, keepsPlan },
      ...(despiteChecks && { despite: failing(node) }),
    });
    const event = nodeEvent(
      node,
      eventOf(made),
      at,
      actor,
      saidOf(wish, made === 'activate' ? decision.availability : undefined),
    );
    return this.unit.run(async () => {
      const decided = await this.nodes.commitDecision({
        uid: node.uid,
        expectedSeq: node.decision.seq,
        decision,
        event,
      });
      if (decided === 'conflict') return decided;
      // Labels may have changed since the node was read. A simultaneous change conflicts, and the unit is retried.
      wish.reach.demand(decided);
      // A token that is still unused must not bring a removed node back.
      if (action === 'remove') await this.tokens.revokeForNode(node.uid, at);
      await this.answers.keep(202, async () => ({ node: await this.reader.view(decided), applied: false }));
      return decided;
    });
  }
}

function subjectOf({ name, type, phase, liveness, applied, decision }: NodeRecord, recordedSessions: number) {
  return {
    id: name,
    type,
    phase,
    liveness,
    activeSessions: Math.max(recordedSessions, applied?.view.activeSessions ?? 0),
    ruling: decision.availability,
    planned: decision.planned !== undefined,
    leaves: decision.removal !== undefined,
  };
}

/** The event's reason, with the planned times, and with the quarantine to which a node comes back. */
function saidOf({ reason, at, until }: DecisionWish, ruling: AvailabilityRuling | undefined): string {
  const span = [
    ...(at === undefined ? [] : [`from ${isoTime(at)}`]),
    ...(until === undefined ? [] : [`until ${isoTime(until)}`]),
  ].join(' ');
  const stays = ruling?.checks === undefined ? '' : `still out by ${ruling.by}: ${ruling.reason}`;
  return [reason, span, stays].filter((part) => part !== '').join(', ');
}

function failing({ conditions }: NodeRecord): string[] {
  return (conditions ?? []).filter(({ status }) => status === 'UNFIT').map(({ type }) => type);
}

function withNames(detail: string, sessions: readonly string[]): string {
  if (sessions.length === 0) return detail;
  return `${detail}: ${sessions.slice(0, NAMED).join(', ')}${sessions.length > NAMED ? ` and ${sessions.length - NAMED} more` : ''}`;
}
