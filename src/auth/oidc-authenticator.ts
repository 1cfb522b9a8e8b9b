import { Injectable } from '@nestjs/common';
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload } from 'jose';
import type { Config } from '../../contract/config/schema.js';
import { InjectConfig } from '../process/config.js';
import type { Administrator } from './caller.js';
import { timeClaim } from './claims.js';
import { IssuerUnavailable } from './people/bounded-fetch.js';
import { issuerUnavailable } from './people/provider-problems.js';
import { personOf } from './people/known-person.js';
import { OidcIssuer, SIGNATURES } from './people/oidc-issuer.js';
import { unauthenticated } from './unauthenticated.js';

const MAX_LENGTH = 16_384;

/** Authenticates administrators by JWTs of the configured issuer. */
@Injectable()
export class OidcAuthenticator {
  private readonly settings: Config['Orchestrator']['Auth']['OIDC'];

  constructor(
    private readonly issuer: OidcIssuer,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.settings = Orchestrator.Auth.OIDC;
  }

  /** Whether this bearer is meant for the issuer; others of strangers never cause a request to it. */
  isForMe(bearer: string): boolean {
    if (this.settings.Audience === undefined || this.issuer.url === undefined || bearer.length > MAX_LENGTH)
      return false;
    try {
      return decodeJwt(bearer).iss === this.issuer.url && SIGNATURES.includes(decodeProtectedHeader(bearer).alg ?? '');
    } catch {
      return false;
    }
  }

  /** @throws ProblemError UNAUTHENTICATED, FORBIDDEN where no role is mapped, UNAVAILABLE where the issuer does not answer */
  async authenticate(bearer: string): Promise<Administrator> {
    const payload = await this.verify(bearer);
    const expiresAt = timeClaim(payload, 'exp');
    if (expiresAt === undefined) throw unauthenticated();
    return { kind: 'administrator', ...personOf(payload, this.settings), via: 'oidc', expiresAt, records: [] };
  }

  private async verify(bearer: string): Promise<JWTPayload> {
    const { Audience } = this.settings;
    if (Audience === undefined) throw unauthenticated();
    try {
      return await this.issuer.verify(bearer, Audience);
    } catch (error) {
      if (error instanceof IssuerUnavailable) throw issuerUnavailable('of this token');
      throw error instanceof errors.JOSEError ? unauthenticated() : error;
    }
  }
}
