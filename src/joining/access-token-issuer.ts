import { Injectable } from '@nestjs/common';
import { compactVerify } from 'jose';
import { ACCESS_TOKEN_LIFETIME_S, ASSERTION_AUDIENCE } from '../../contract/schemas/agents.js';
import { nodeRemoved } from '../record/node-problems.js';
import { AccessTokens, ed25519PublicKey } from '../auth/access-tokens.js';
import { BoundedCache } from '../mechanics/bounded-cache.js';
import { AssertionReplays } from './assertion-replays.js';
import { Assertions, subjectOf } from './assertions.js';
import { RequestLimits } from '../auth/request-limits.js';
import { unauthenticated } from '../auth/unauthenticated.js';

/** Number of remembered keys of nodes that have authenticated here, by which their assertions are recognized without a read. */
const REMEMBERED_KEYS = 50_000;

/** Issues access tokens in exchange for assertions that nodes sign with their keys. */
@Injectable()
export class AccessTokenIssuer {
  /** Public keys, by uid. */
  private readonly keys = new BoundedCache<string, string>(REMEMBERED_KEYS);

  constructor(
    private readonly assertions: Assertions,
    private readonly accessTokens: AccessTokens,
    private readonly replays: AssertionReplays,
    private readonly limits: RequestLimits,
  ) {}

  /**
   * Issues an access token. A rejected node gets one too, with which it only learns the reason.
   * @param from the sender's address
   * @throws ProblemError UNAUTHENTICATED, TOO_MANY_REQUESTS, or NODE_REMOVED for the key of a removed node
   */
  async trade(assertion: string, from: string): Promise<{ accessToken: string; expiresInS: number }> {
    const node = await this.assertions.claimant(assertion);
    const { credential } = node;
    if (!credential) throw unauthenticated();
    const { jti } = await this.assertions.check(assertion, credential.publicKeyX, ASSERTION_AUDIENCE);
    this.keys.set(node.uid, credential.publicKeyX);
    this.limits.nodeProvesItself(node.uid);
    if (!node.living) throw nodeRemoved(node);
    if (credential.revokedAt !== undefined) throw unauthenticated();
    this.limits.strangerAsks(from);
    if (!(await this.replays.isFirstUse(node.uid, jti))) throw unauthenticated();
    const accessToken = await this.accessTokens.sign({ uid: node.uid, generation: credential.generation });
    return { accessToken, expiresInS: ACCESS_TOKEN_LIFETIME_S };
  }

  /** Whether it is signed with a remembered key of a node, in good standing or not. */
  async isProven(assertion: string): Promise<boolean> {
    const uid = subjectOf(assertion);
    const publicKeyX = uid === undefined ? undefined : this.keys.get(uid);
    if (publicKeyX === undefined) return false;
    try {
      await compactVerify(assertion, ed25519PublicKey(publicKeyX), { algorithms: ['EdDSA'] });
      return true;
    } catch {
      return false;
    }
  }
}
