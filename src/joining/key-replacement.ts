import { Injectable, Logger } from '@nestjs/common';
import { ROTATION_AUDIENCE, type RotateKeyRequest } from '../../contract/schemas/agents.js';
import { textClaim } from '../auth/claims.js';
import { agentName } from '../auth/caller.js';
import { NodeQuotas } from '../auth/node-quotas.js';
import { RequestLimits } from '../auth/request-limits.js';
import { unauthenticated } from '../auth/unauthenticated.js';
import { ProblemError } from '../http/problem-error.js';
import { Clock } from '../mechanics/clock.js';
import { nodeEvent } from '../record/node-event.js';
import { identityCopied, nodeRemoved } from '../record/node-problems.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';
import { Assertions } from './assertions.js';

/** Replaces a node's key by one that its present key vouches for. See docs/adr/0058. */
@Injectable()
export class KeyReplacement {
  private readonly logger = new Logger(KeyReplacement.name);

  constructor(
    private readonly assertions: Assertions,
    private readonly nodes: NodeStore,
    private readonly limits: RequestLimits,
    private readonly quotas: NodeQuotas,
    private readonly clock: Clock,
  ) {}

  /**
   * From then on the present key and all access tokens that it earned open nothing. An agent whose answer was lost may ask again.
   * @param from the address that it came from
   * @throws ProblemError UNAUTHENTICATED; NODE_REMOVED; NODE_IDENTITY_COPIED; TOO_MANY_REQUESTS; VALIDATION_FAILED where another node has the new key
   */
  async rotate({ publicKey: { x }, assertion, proof }: RotateKeyRequest, from: string): Promise<void> {
    const node = await this.assertions.claimant(assertion);
    const { credential } = node;
    if (!credential) throw unauthenticated();
    await this.check(proof, x, node, x);
    const isDone = credential.publicKeyX === x;
    if (!isDone) await this.check(assertion, credential.publicKeyX, node, x);
    this.limits.nodeProvesItself(node.uid);
    if (!node.living) throw nodeRemoved(node);
    if (credential.revokedAt !== undefined) throw unauthenticated();
    if (isDone) return;
    this.limits.strangerAsks(from);
    if (node.copied !== null) throw identityCopied(node);
    if ((await this.nodes.findByPublicKey(x)) !== null) throw keyTaken();
    this.quotas.demand(node, 'keys');
    const at = this.clock.now();
    const event = nodeEvent(node, 'KeyRotated', at, { by: agentName(node), from });
    // Another decision about its credential came meanwhile: a regenerated token, the mark of a copy.
    if (!(await this.nodes.rotateKey(node.uid, credential, x, event))) throw unauthenticated();
    this.quotas.take(node, 'keys');
    this.logger.log({ msg: 'a node has replaced its key', node: node.name, from });
  }

  /** Each key has to vouch for the very key that comes next, and the next one for being held by this node. */
  private async check(token: string, publicKeyX: string, { uid }: NodeRecord, next: string): Promise<void> {
    const claims = await this.assertions.check(token, publicKeyX, ROTATION_AUDIENCE);
    if (claims.sub !== uid || textClaim(claims, 'key') !== next) throw unauthenticated();
  }
}

function keyTaken(): ProblemError {
  return new ProblemError({
    code: 'VALIDATION_FAILED',
    detail: 'this key belongs to another node',
    field: 'publicKey',
    hint: 'Make a new key',
  });
}
