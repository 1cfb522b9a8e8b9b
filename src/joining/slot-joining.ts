import { Injectable } from '@nestjs/common';
import { decide } from '../../contract/decision.js';
import type { RegisterRequest } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';
import { agentName, type Actor } from '../auth/caller.js';
import type { TokenRecord } from '../auth/token-store.js';
import { unauthenticated } from '../auth/unauthenticated.js';
import { ProblemError } from '../http/problem-error.js';
import { nodeEvent } from '../record/node-event.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore, type Joining } from '../record/node-store.js';

/** Joining with a bootstrap token: the agent becomes the node of that slot, under the slot's name. */
@Injectable()
export class SlotJoining {
  constructor(private readonly nodes: NodeStore) {}

  /**
   * Runs within the unit of work that used the token.
   * @throws ProblemError UNAUTHENTICATED where the slot is gone, DECISION_CONFLICT
   */
  async join(token: TokenRecord, request: RegisterRequest, at: EpochMs, from: string): Promise<NodeRecord> {
    const node = token.nodeUid === null ? null : await this.nodes.findByUid(token.nodeUid);
    if (node === null || !node.living) throw unauthenticated();
    const actor: Actor = { by: agentName(node), from };
    const joining: Joining = { publicKeyX: request.publicKey.x, info: request.info };
    const joined = node.decision.registered
      ? await this.rejoin(node, token, joining, at, actor)
      : await this.firstJoin(node, token, request, joining, at, actor);
    if (joined === null) throw unauthenticated();
    return joined;
  }

  private async firstJoin(
    node: NodeRecord,
    token: TokenRecord,
    request: RegisterRequest,
    joining: Joining,
    at: EpochMs,
    actor: Actor,
  ): Promise<NodeRecord> {
    const joined = await this.nodes.commitDecision({
      uid: node.uid,
      expectedSeq: node.decision.seq,
      decision: decide(node.decision, 'register', { at, by: actor.by, reason: '' }),
      event: nodeEvent(node, 'NodeJoined', at, actor, `with bootstrap token ${token.id}`, token.id),
      joining,
      ...(request.labels === undefined ? {} : { labels: request.labels }),
    });
    if (joined === 'conflict') {
      throw new ProblemError({
        code: 'DECISION_CONFLICT',
        detail: `others decide about node ${node.name} at this moment`,
        hint: 'Try again',
      });
    }
    return joined;
  }

  /** A known node joins again with a regenerated token: it keeps its id, labels and history, and gets a new key. */
  private rejoin(
    node: NodeRecord,
    token: TokenRecord,
    joining: Joining,
    at: EpochMs,
    actor: Actor,
  ): Promise<NodeRecord | null> {
    return this.nodes.replaceCredential(
      node.uid,
      at,
      joining,
      nodeEvent(node, 'TokenUsed', at, actor, `rejoined with bootstrap token ${token.id}`, token.id),
    );
  }
}
