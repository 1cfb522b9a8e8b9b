import { Injectable, Logger } from '@nestjs/common';
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Config } from '../../../contract/config/schema.js';
import type { EpochMs } from '../../../contract/states.js';
import { Clock } from '../../mechanics/clock.js';
import { InjectConfig } from '../../process/config.js';
import { boundedFetch, IssuerUnavailable } from './bounded-fetch.js';

/** Asymmetric algorithms only: with HS256 anyone with the issuer's public key could sign, and `none` is no signature. */
export const SIGNATURES = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
export const ISSUER_TOLERANCE_S = 5;
const TIMEOUT_MS = 5_000;
/** Minimum time between requests for unknown key ids, for its metadata, or to an unavailable issuer, in milliseconds. */
const COOLDOWN_MS = 5_000;
/** Lifetime of metadata and keys, in milliseconds. */
const GOOD_FOR_MS = 10 * 60_000;

const discoverySchema = z.looseObject({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/** The issuer's metadata and keys. */
interface Discovered {
  metadata: z.infer<typeof discoverySchema>;
  keys: JWTVerifyGetKey;
}

/**
 * The configured issuer. Its discovery document is fetched when first needed, again when it is ten minutes old, and sooner where a request by it fails; the former
 * one stays in use until there is a new one. Its keys are fetched when a new key id appears.
 */
@Injectable()
export class OidcIssuer {
  private readonly logger = new Logger(OidcIssuer.name);
  readonly url: string | undefined;
  private found: Promise<Discovered> | undefined;
  private foundAt: EpochMs = 0;
  private triedAt: EpochMs = 0;

  constructor(
    private readonly clock: Clock,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.url = Orchestrator.Auth.OIDC.Issuer;
  }

  /** @throws IssuerUnavailable */
  async metadata(): Promise<Discovered['metadata']> {
    return (await this.discovered()).metadata;
  }

  /**
   * Verifies a token of this issuer for `audience`.
   * @returns its claims
   * @throws IssuerUnavailable, or one of jose's errors where the token is invalid
   */
  async verify(token: string, audience: string): Promise<JWTPayload> {
    const known = await this.discovered();
    try {
      return await this.verifyBy(known, token, audience);
    } catch (error) {
      // Its keys may have moved.
      const isByKeys = error instanceof IssuerUnavailable || error instanceof errors.JWKSNoMatchingKey;
      const renewed = isByKeys ? await this.discovered(0) : known;
      if (renewed.keys === known.keys) throw error;
      return this.verifyBy(renewed, token, audience);
    }
  }

  /** To be called where a request by its metadata failed: an endpoint may have moved. */
  async renew(): Promise<void> {
    await this.discovered(0);
  }

  private async verifyBy({ metadata, keys }: Discovered, token: string, audience: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: SIGNATURES,
        issuer: metadata.issuer,
        audience,
        clockTolerance: ISSUER_TOLERANCE_S,
        requiredClaims: ['sub', 'exp', 'iat'],
        currentDate: new Date(this.clock.now()),
      });
      return payload;
    } catch (error) {
      throw isOutage(error) ? new IssuerUnavailable('its keys are not to be had', { cause: error }) : error;
    }
  }

  private async discovered(goodForMs = GOOD_FOR_MS): Promise<Discovered> {
    const now = this.clock.now();
    if (this.found === undefined) return this.discoverFirst(now);
    if (now - this.foundAt < goodForMs || now - this.triedAt < COOLDOWN_MS) return this.found;
    // The caller waits; others use the former metadata meanwhile.
    this.triedAt = now;
    const former = await this.found;
    try {
      const renewed = await this.discover(former);
      this.found = Promise.resolve(renewed);
      this.foundAt = now;
      return renewed;
    } catch (error) {
      const { message: reason } = error as Error;
      this.logger.warn({ msg: 'the OIDC issuer has no new metadata: the former is used', issuer: this.url, reason });
      return former;
    }
  }

  private discoverFirst(now: EpochMs): Promise<Discovered> {
    [this.foundAt, this.triedAt] = [now, now];
    this.found = this.discover().catch((cause: Error) => {
      setTimeout(() => (this.found = undefined), COOLDOWN_MS).unref();
      this.logger.warn({ msg: 'the OIDC issuer does not answer', issuer: this.url, reason: cause.message });
      throw new IssuerUnavailable(`the issuer ${this.url} does not answer`, { cause });
    });
    return this.found;
  }

  /** @param former whose cached keys are kept where they are at the same address */
  private async discover(former?: Discovered): Promise<Discovered> {
    const issuer = this.url;
    if (issuer === undefined) throw new Error('none is configured');
    const response = await boundedFetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    if (!response.ok) throw new Error(`its discovery document is answered with HTTP ${response.status}`);
    const metadata = discoverySchema.parse(await response.json());
    // Otherwise a planted discovery document could make another issuer's signatures count.
    if (metadata.issuer !== issuer) throw new Error(`its discovery document is that of ${metadata.issuer}`);
    const jwks = new URL(metadata.jwks_uri);
    if (new URL(issuer).protocol === 'https:' && jwks.protocol !== 'https:')
      throw new Error('its keys do not come by https');
    if (former?.metadata.jwks_uri === metadata.jwks_uri) return { metadata, keys: former.keys };
    const keys = createRemoteJWKSet(jwks, {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: COOLDOWN_MS,
      cacheMaxAge: GOOD_FOR_MS,
      [customFetch]: boundedFetch,
    });
    return { metadata, keys };
  }
}

/** Recognizes jose's errors for an unavailable key set, and errors of fetch. */
function isOutage(error: unknown): boolean {
  if (error instanceof IssuerUnavailable || error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid)
    return true;
  return error instanceof TypeError || (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC');
}
