import { type KeyObject, createPublicKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { compactVerify, errors, jwtVerify, SignJWT } from 'jose';
import { ACCESS_TOKEN_LIFETIME_S } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { BoundedCache } from '../mechanics/bounded-cache.js';
import { countClaim, textClaim, timeClaim } from './claims.js';
import { credentialDigest } from './secret-token.js';
import { SigningKey } from './signing-key.js';
import { SigningKeyStore } from './signing-key-store.js';
import { unauthenticated } from './unauthenticated.js';

/** The node of an access token, and the generation of its credential. */
export interface AccessClaims {
  uid: string;
  generation: number;
}

/** Claims of a verified token. */
export interface VerifiedClaims extends AccessClaims {
  /** When the token expires. */
  expiresAt: EpochMs;
}

const ISSUER = 'rollcall';
const REMEMBERED_TOKENS = 50_000;
const REMEMBERED_KEYS = 100;
/** How long a public key that was read is cached, in milliseconds. */
const KEY_FRESH_MS = 5_000;

/** Signs and verifies nodes' access tokens. */
@Injectable()
export class AccessTokens {
  /** Verified claims, by the tokens' digests. */
  private readonly verified: BoundedCache<string, VerifiedClaims>;
  private readonly published = new BoundedCache<string, { key: KeyObject; until: EpochMs }>(REMEMBERED_KEYS);

  constructor(
    private readonly signingKey: SigningKey,
    private readonly keys: SigningKeyStore,
    private readonly clock: Clock,
  ) {
    this.verified = new BoundedCache(REMEMBERED_TOKENS, ({ expiresAt }) => expiresAt <= clock.now());
  }

  async sign({ uid, generation }: AccessClaims): Promise<string> {
    const { kid, privateKey } = await this.signingKey.forSigning();
    const now = Math.floor(this.clock.now() / 1_000);
    return new SignJWT({ gen: generation })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer(ISSUER)
      .setSubject(uid)
      .setIssuedAt(now)
      .setExpirationTime(now + ACCESS_TOKEN_LIFETIME_S)
      .sign(privateKey);
  }

  /**
   * Verifies a token, its signature once only. Callers have to check each time whether the node may still use it.
   * @throws ProblemError UNAUTHENTICATED
   */
  async verify(token: string): Promise<VerifiedClaims> {
    const digest = credentialDigest(token);
    const known = this.verified.get(digest);
    if (known !== undefined) {
      if (known.expiresAt > this.clock.now()) return known;
      this.verified.delete(digest);
      throw unauthenticated();
    }
    const claims = await this.check(token);
    this.verified.set(digest, claims);
    return claims;
  }

  /** Whether one of our replicas signed it, for any node and even if it has expired. */
  async isOurs(token: string): Promise<boolean> {
    if (this.verified.get(credentialDigest(token)) !== undefined) return true;
    try {
      await compactVerify(token, (header) => this.keyOf(header), { algorithms: ['EdDSA'] });
      return true;
    } catch {
      return false;
    }
  }

  /** Like {@link verify}, for callers that cache the result themselves. */
  async check(token: string): Promise<VerifiedClaims> {
    try {
      const { payload } = await jwtVerify(token, (header) => this.keyOf(header), {
        algorithms: ['EdDSA'],
        issuer: ISSUER,
        requiredClaims: ['sub', 'exp', 'gen'],
        currentDate: new Date(this.clock.now()),
      });
      const [uid, generation, expiresAt] = [
        textClaim(payload, 'sub'),
        countClaim(payload, 'gen'),
        timeClaim(payload, 'exp'),
      ];
      if (uid === undefined || generation === undefined || expiresAt === undefined) throw unauthenticated();
      return { uid, generation, expiresAt };
    } catch (error) {
      if (error instanceof errors.JOSEError) throw unauthenticated();
      throw error;
    }
  }

  private async keyOf(header: { kid?: unknown }): Promise<KeyObject> {
    const kid = textClaim(header, 'kid');
    if (kid === undefined) throw unauthenticated();
    const known = this.published.get(kid);
    if (known !== undefined && this.clock.now() < known.until) return known.key;
    const record = await this.keys.find(kid);
    if (record === null) throw unauthenticated();
    const key = ed25519PublicKey(record.publicKeyX);
    this.published.set(kid, { key, until: Math.min(record.expiresAt, this.clock.now() + KEY_FRESH_MS) });
    return key;
  }
}

/** @param x of the public JWK: 32 bytes in base64url. @throws Error where they are no point on the curve */
export function ed25519PublicKey(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
