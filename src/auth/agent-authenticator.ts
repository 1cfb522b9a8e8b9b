import { Injectable } from '@nestjs/common';
import { nodeAwaitsApproval, nodeRejected, nodeRemoved } from '../record/node-problems.js';
import { NodeStore } from '../record/node-store.js';
import { AccessTokens, type VerifiedClaims } from './access-tokens.js';
import type { AgentAllowance } from './access.decorators.js';
import type { AgentCaller } from './caller.js';
import { RequestLimits } from './request-limits.js';
import { unauthenticated } from './unauthenticated.js';

/** Authenticates nodes by their access token. The node is read for each request, so that decisions are in force at once. */
@Injectable()
export class AgentAuthenticator {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly nodes: NodeStore,
    private readonly limits: RequestLimits,
  ) {}

  /** Whether the token is one of our nodes', in good standing or not. */
  isProven(bearer: string): Promise<boolean> {
    return this.accessTokens.isOurs(bearer);
  }

  /** @throws ProblemError UNAUTHENTICATED, TOO_MANY_REQUESTS, NODE_REMOVED, NODE_AWAITS_APPROVAL, or NODE_REJECTED_BY_ADMINISTRATOR with the administrator's message */
  async authenticate(bearer: string, allowance: AgentAllowance): Promise<AgentCaller> {
    const claims = await this.accessTokens.verify(bearer);
    // Before the read, so that one node's requests do not burden the others.
    this.limits.agentAsks(claims, allowance);
    return this.holderOf(claims, allowance);
  }

  /** Like {@link authenticate}, for a request under way, without using the node's allowance. */
  async again(bearer: string, allowance: AgentAllowance): Promise<AgentCaller> {
    return this.holderOf(await this.accessTokens.verify(bearer), allowance);
  }

  private async holderOf(
    { uid, generation, expiresAt }: VerifiedClaims,
    allowance: AgentAllowance,
  ): Promise<AgentCaller> {
    const node = await this.nodes.findByUid(uid);
    if (node === null) throw unauthenticated();
    if (!node.living) throw nodeRemoved(node);
    const { credential } = node;
    if (credential === null || credential.revokedAt !== undefined || credential.generation !== generation)
      throw unauthenticated();
    if (node.decision.approval.value === 'REJECTED') throw nodeRejected(node);
    if (allowance === 'sessions' && node.decision.approval.value !== 'APPROVED') throw nodeAwaitsApproval(node);
    return { kind: 'agent', node, expiresAt, records: [`node ${uid}`] };
  }
}
