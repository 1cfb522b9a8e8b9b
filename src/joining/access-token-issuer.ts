import { Injectable } from '@nestjs/common';
import { compactVerify, decodeJwt, errors, jwtVerify } from 'jose';
import { ACCESS_TOKEN_LIFETIME_S, ASSERTION_AUDIENCE, ASSERTION_MAX_AGE_S } from '../../contract/schemas/agents.js';
import { Clock } from '../mechanics/clock.js';
import type { NodeRecord } from '../record/node-record.js';
import { nodeRemoved } from '../record/node-problems.js';
import { NodeStore } from '../record/node-store.js';
import { AccessTokens, ed25519PublicKey } from '../auth/access-tokens.js';
import { textClaim, timeClaim } from '../auth/claims.js';
import { BoundedCache } from '../mechanics/bounded-cache.js';
import { AssertionReplays, CLOCK_TOLERANCE_S } from './assertion-replays.js';
import { RequestLimits } from '../auth/request-limits.js';
import { unauthenticated } from '../auth/unauthenticated.js';

/** Number of remembered keys of nodes that have authenticated here, by which their assertions are recognized without a read. */
const REMEMBERED_KEYS = 50_000;
const UID_PATTERN = /^[0-9a-f-]{36}$/;

/** Issues access tokens in exchange for assertions that nodes sign with their keys. */
@Injectable()
export class AccessTokenIssuer {
  /** Public keys, by uid. */
  private readonly keys = new BoundedCache<string, string>(REMEMBERED_KEYS);

  constructor(
    private readonly nodes: NodeStore,
    private readonly accessTokens: AccessTokens,
    private readonly replays: AssertionReplays,
    private readonly limits: RequestLimits,
    private readonly clock: Clock,
  ) {}

  /**
   * Issues an access token. A rejected node gets one too, with which it only learns the reason.
   * @param from the sender's address
   * @throws ProblemError UNAUTHENTICATED, TOO_MANY_REQUESTS, or NODE_REMOVED for the key of a removed node
   */
  async trade(assertion: string, from: string): Promise<{ accessToken: string; expiresInS: number }> {
    const node = await this.claimant(assertion);
    const { credential } = node;
    if (!credential) throw unauthenticated();
    const jti = await this.check(assertion, credential.publicKeyX);
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

  /** The node that the assertion names, not verified yet. */
  private async claimant(assertion: string): Promise<NodeRecord> {
    const uid = subjectOf(assertion);
    const node = uid === undefined || !UID_PATTERN.test(uid) ? null : await this.nodes.findByUid(uid);
    if (node === null) throw unauthenticated();
    return node;
  }

  private async check(assertion: string, publicKeyX: string): Promise<string> {
    try {
      const { payload } = await jwtVerify(assertion, ed25519PublicKey(publicKeyX), {
        algorithms: ['EdDSA'],
        audience: ASSERTION_AUDIENCE,
        maxTokenAge: ASSERTION_MAX_AGE_S,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['sub', 'iat', 'exp', 'jti'],
        currentDate: new Date(this.clock.now()),
      });
      const [iat, exp, jti] = [timeClaim(payload, 'iat'), timeClaim(payload, 'exp'), textClaim(payload, 'jti')];
      if (iat === undefined || exp === undefined || exp - iat > ASSERTION_MAX_AGE_S * 1_000) throw unauthenticated();
      if (jti === undefined || jti.length > 128) throw unauthenticated();
      return jti;
    } catch (error) {
      if (error instanceof errors.JOSEError) throw unauthenticated();
      throw error;
    }
  }
}

function subjectOf(assertion: string): string | undefined {
  try {
    return textClaim(decodeJwt(assertion), 'sub');
  } catch {
    return undefined;
  }
}
