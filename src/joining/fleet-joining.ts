import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { AUTO_APPROVED, firstDecision, type Decision } from '../../contract/decision.js';
import { matchesNamePattern } from '../../contract/name-pattern.js';
import { nodeNameFrom } from '../../contract/node-name.js';
import type { RegisterRequest } from '../../contract/schemas/agents.js';
import { SYSTEM, type EpochMs } from '../../contract/states.js';
import { agentName, type Actor } from '../auth/caller.js';
import type { TokenRecord } from '../auth/token-store.js';
import { InjectConfig } from '../process/config.js';
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
  private readonly manualApproval: boolean;

  constructor(
    private readonly nodes: NodeStore,
    @InjectConfig() config: Config,
  ) {
    this.manualApproval = config.Orchestrator.NodeManager.ManualApproval;
  }

  /**
   * Runs within the unit of work that used the token once for each. All join or none.
   * @returns their nodes, in the same order
   * @throws NodeNameTaken, or ProblemError VALIDATION_FAILED where no name can be derived from the host's, or the token is for other names
   */
  join(token: TokenRecord, joins: readonly Join[], at: EpochMs): Promise<NodeRecord[]> {
    return this.nodes.createAll(joins.map((join) => this.creation(token, join, at)));
  }

  private creation(token: TokenRecord, { request, from }: Join, at: EpochMs): NodeCreation {
    const name = nameFor(token, request);
    const uid = randomUUID();
    const node = { uid, name };
    const actor: Actor = { by: agentName(node), from };
    const decision = this.decisionFor(token, at, actor);
    const approved = decision.approval.value === 'APPROVED';
    return {
      node: {
        ...node,
        type: 'Compute',
        // Labels of the token take precedence over the agent's.
        labels: { ...request.labels, ...token.labels },
        agentLabels: Object.keys(request.labels ?? {}).filter((key) => !Object.hasOwn(token.labels, key)),
        description: '',
        ...(token.removeAfterMs !== null && { removeAfterMs: token.removeAfterMs }),
        decision,
        at,
        joining: { publicKeyX: request.publicKey.x, info: request.info },
      },
      events: [
        nodeEvent(node, 'NodeJoined', at, actor, `with join token ${token.id}`, token.id),
        ...(approved
          ? [nodeEvent(node, 'NodeApproved', at, { by: SYSTEM, from: null }, decision.approval.reason)]
          : []),
      ],
    };
  }

  private decisionFor(token: TokenRecord, at: EpochMs, actor: Actor): Decision {
    if (token.autoApprove === true) {
      return firstDecision({
        at,
        by: token.createdBy,
        reason: `approved automatically by join token ${token.id}`,
        registered: true,
        approval: 'APPROVED',
      });
    }
    if (token.autoApprove === null && !this.manualApproval)
      return firstDecision({ at, ...AUTO_APPROVED, registered: true, approval: 'APPROVED' });
    return firstDecision({
      at,
      by: actor.by,
      reason: 'joined, and awaits approval',
      registered: true,
      approval: 'PENDING',
    });
  }
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
