import { Injectable } from '@nestjs/common';
import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { ASSERTION_MAX_AGE_S } from '../../contract/schemas/agents.js';
import { ed25519PublicKey } from '../auth/access-tokens.js';
import { textClaim, timeClaim } from '../auth/claims.js';
import { unauthenticated } from '../auth/unauthenticated.js';
import { Clock } from '../mechanics/clock.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';
import { CLOCK_TOLERANCE_S } from './assertion-replays.js';

const UID_PATTERN = /^[0-9a-f-]{36}$/;

/** What nodes sign with their keys, each for one purpose and for a minute. */
@Injectable()
export class Assertions {
  constructor(
    private readonly nodes: NodeStore,
    private readonly clock: Clock,
  ) {}

  /**
   * The node that an assertion says it is from, which nothing has proven yet.
   * @throws ProblemError UNAUTHENTICATED
   */
  async claimant(assertion: string): Promise<NodeRecord> {
    const uid = subjectOf(assertion);
    const node = uid === undefined || !UID_PATTERN.test(uid) ? null : await this.nodes.findByUid(uid);
    if (node === null) throw unauthenticated();
    return node;
  }

  /**
   * Checks that the holder of a key signed an assertion just now.
   * @param publicKeyX of the key
   * @param audience what it has to be meant for
   * @throws ProblemError UNAUTHENTICATED
   */
  async check(assertion: string, publicKeyX: string, audience: string): Promise<JWTPayload & { jti: string }> {
    try {
      const { payload } = await jwtVerify(assertion, ed25519PublicKey(publicKeyX), {
        algorithms: ['EdDSA'],
        audience,
        maxTokenAge: ASSERTION_MAX_AGE_S,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['sub', 'iat', 'exp', 'jti'],
        currentDate: new Date(this.clock.now()),
      });
      const [iat, exp, jti] = [timeClaim(payload, 'iat'), timeClaim(payload, 'exp'), textClaim(payload, 'jti')];
      if (iat === undefined || exp === undefined || exp - iat > ASSERTION_MAX_AGE_S * 1_000) throw unauthenticated();
      if (jti === undefined || jti.length > 128) throw unauthenticated();
      return { ...payload, jti };
    } catch (error) {
      if (error instanceof errors.JOSEError) throw unauthenticated();
      throw error;
    }
  }
}

export function subjectOf(assertion: string): string | undefined {
  try {
    return textClaim(decodeJwt(assertion), 'sub');
  } catch {
    return undefined;
  }
}
