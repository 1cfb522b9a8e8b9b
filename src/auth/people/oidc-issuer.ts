import { Injectable, Logger } from '@nestjs/common';
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Config } from '../../../contract/config/schema.js';
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
/** Minimum time between requests for unknown key ids, or to an unavailable issuer, in milliseconds. */
const COOLDOWN_MS = 5_000;
const KEYS_GOOD_FOR_MS = 10 * 60_000;

const discoverySchema = z.looseObject({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/** The issuer's metadata and keys. */
interface Discovered {
  metadata: z.infer<typeof discoverySchema>;
  keys: JWTVerifyGetKey;
}

/** The configured issuer. Its discovery document is fetched when first needed, its keys when a new key id appears. */
@Injectable()
export class OidcIssuer {
  private readonly logger = new Logger(OidcIssuer.name);
  readonly url: string | undefined;
  private found: Promise<Discovered> | undefined;

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
    const { metadata, keys } = await this.discovered();
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

  private discovered(): Promise<Discovered> {
    this.found ??= this.discover().catch((cause: Error) => {
      setTimeout(() => (this.found = undefined), COOLDOWN_MS).unref();
      this.logger.warn({ msg: 'the OIDC issuer does not answer', issuer: this.url, reason: cause.message });
      throw new IssuerUnavailable(`the issuer ${this.url} does not answer`, { cause });
    });
    return this.found;
  }

  private async discover(): Promise<Discovered> {
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
    const keys = createRemoteJWKSet(jwks, {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: COOLDOWN_MS,
      cacheMaxAge: KEYS_GOOD_FOR_MS,
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
