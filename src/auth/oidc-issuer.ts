import { Injectable, Logger } from '@nestjs/common';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Config } from '../../contract/config/schema.js';
import { InjectConfig } from '../process/config.js';

const TIMEOUT_MS = 5_000;
/** Unknown key ids, and an issuer that is down, cost it one request in this time, whoever makes them up. */
const COOLDOWN_MS = 5_000;
const KEYS_GOOD_FOR_MS = 10 * 60_000;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/** The issuer did not say what its keys are. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

/** The keys that the configured issuer signs with, as it publishes them: asked for when first needed, and when it has a new one. */
@Injectable()
export class OidcIssuer {
  private readonly logger = new Logger(OidcIssuer.name);
  readonly url: string | undefined;
  private keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(@InjectConfig() { Orchestrator }: Config) {
    this.url = Orchestrator.Auth.OIDC.Issuer;
  }

  /**
   * What looks up the key of a token by its id; jose's errors mean that there is no such key, or that the keys are not to be had.
   * @throws IssuerUnavailable
   */
  async keysOf(issuer: string): Promise<JWTVerifyGetKey> {
    this.keys ??= this.discover(issuer).catch((cause: Error) => {
      setTimeout(() => (this.keys = undefined), COOLDOWN_MS).unref();
      this.logger.warn({ msg: 'the OIDC issuer does not answer', issuer, reason: cause.message });
      throw new IssuerUnavailable(`the issuer ${issuer} does not answer`, { cause });
    });
    return this.keys;
  }

  private async discover(issuer: string): Promise<JWTVerifyGetKey> {
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`its discovery document is answered with HTTP ${response.status}`);
    const document = discoverySchema.parse(await response.json());
    // Whoever could put another issuer's document there could sign for it.
    if (document.issuer !== issuer) throw new Error(`its discovery document is that of ${document.issuer}`);
    const jwks = new URL(document.jwks_uri);
    if (new URL(issuer).protocol === 'https:' && jwks.protocol !== 'https:')
      throw new Error('its keys do not come by https');
    return createRemoteJWKSet(jwks, {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: COOLDOWN_MS,
      cacheMaxAge: KEYS_GOOD_FOR_MS,
    });
  }
}
