import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AUTO_APPROVED, firstDecision, type Decision } from '../../contract/decision.js';
import { matchesNamePattern } from '../../contract/name-pattern.js';
import { nodeNameFrom } from '../../contract/node-name.js';
import type { RegisterRequest } from '../../contract/schemas/agents.js';
import type { NodeEventType } from '../../contract/lifecycle.js';
import { SYSTEM, type Approval, type EpochMs } from '../../contract/states.js';
import { JoinVerdicts, type JoinVerdict } from '../approval/join-verdicts.js';
import { agentName, type Actor } from '../auth/caller.js';
import type { TokenRecord } from '../auth/token-store.js';
import { ProblemError } from '../http/problem-error.js';
import { nodeEvent } from '../record/node-event.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore, type NodeCreation } from '../record/node-store.js';

/** An agent's request to join, with its address. */
export interface Join {
  request: RegisterRequest;
  from: string;
}

/** Joining with a join token: creates a new node for each agent, under the name that it requests. */
@Injectable()
export class FleetJoining {
  constructor(
    private readonly nodes: NodeStore,
    private readonly verdicts: JoinVerdicts,
  ) {}

  /**
   * Runs within the unit of work that used the token once for each. All join or none.
   * @returns their nodes, in the same order
   * @throws NodeNameTaken, or ProblemError VALIDATION_FAILED where no name can be derived from the host's, or the token is for other names
   */
  async join(token: TokenRecord, joins: readonly Join[], at: EpochMs): Promise<NodeRecord[]> {
    const judge = await this.verdicts.judge(at);
    return this.nodes.createAll(joins.map((join) => creation(token, join, at, judge)));
  }
}

function creation(
  token: TokenRecord,
  { request, from }: Join,
  at: EpochMs,
  judge: Awaited<ReturnType<JoinVerdicts['judge']>>,
): NodeCreation {
  const name = nameFor(token, request);
  const node = { uid: randomUUID(), name };
  const actor: Actor = { by: agentName(node), from };
  // Labels of the token take precedence over the agent's.
  const labels = { ...request.labels, ...token.labels };
  const verdict = judge({ name, labels, token: token.id, from, info: request.info }, token);
  const decision = decisionOf(verdict, token, at, actor);
  const type = JUDGED[decision.approval.value];
  return {
    node: {
      ...node,
      type: 'Compute',
      labels,
      agentLabels: Object.keys(request.labels ?? {}).filter((key) => !Object.hasOwn(token.labels, key)),
      description: '',
      origin: { token: token.id, from },
      ...(token.removeAfterMs !== null && { removeAfterMs: token.removeAfterMs }),
      decision,
      at,
      joining: { publicKeyX: request.publicKey.x, info: request.info },
    },
    events: [
      nodeEvent(node, 'NodeJoined', at, actor, `with join token ${token.id}`, token.id),
      ...(type === undefined ? [] : [nodeEvent(node, type, at, { by: SYSTEM, from: null }, decision.approval.reason)]),
    ],
  };
}

const JUDGED: Record<Approval, NodeEventType | undefined> = {
  APPROVED: 'NodeApproved',
  REJECTED: 'NodeRejected',
  PENDING: undefined,
};

function decisionOf({ decision, source, rule }: JoinVerdict, token: TokenRecord, at: EpochMs, actor: Actor): Decision {
  if (rule) {
    const why = rule.reason === '' ? '' : `: ${rule.reason}`;
    if (decision === 'wait')
      return first(at, actor.by, `joined, and awaits approval by rule ${rule.name}${why}`, 'PENDING');
    return decision === 'approve'
      ? first(at, SYSTEM, `approved by rule ${rule.name}${why}`, 'APPROVED')
      : first(at, SYSTEM, `rejected by rule ${rule.name}${why}`, 'REJECTED');
  }
  if (decision !== 'approve') return first(at, actor.by, 'joined, and awaits approval', 'PENDING');
  return source === 'token'
    ? first(at, token.createdBy, `approved automatically by join token ${token.id}`, 'APPROVED')
    : first(at, AUTO_APPROVED.by, AUTO_APPROVED.reason, 'APPROVED');
}

function first(at: EpochMs, by: string, reason: string, approval: Approval): Decision {
  return firstDecision({ at, by, reason, registered: true, approval });
}

function nameFor(token: TokenRecord, request: RegisterRequest): string {
  const name = request.name ?? nodeNameFrom(request.info.hostname);
  if (name === undefined) {
    throw new ProblemError({
      code: 'VALIDATION_FAILED',
      detail: 'the host name makes no node name',
      field: 'name',
      hint: 'Set Compute.Name in the configuration of the agent',
    });
  }
  if (token.namePattern !== null && !matchesNamePattern(token.namePattern, name)) {
    throw new ProblemError({
      code: 'VALIDATION_FAILED',
      detail: `this join token lets in nodes named ${token.namePattern}, and not ${name}`,
      field: 'name',
      hint: 'Set Compute.Name in the configuration of the agent, or ask for another token',
    });
  }
  return name;
}
