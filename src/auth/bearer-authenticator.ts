import { Injectable } from '@nestjs/common';
import { AdministratorAuthenticator } from './administrator-authenticator.js';
import type { Administrator } from './caller.js';
import { OidcAuthenticator } from './oidc-authenticator.js';

/** Knows administrators by what they send as a bearer: an api token, or a token of the configured issuer. */
@Injectable()
export class BearerAuthenticator {
  constructor(
    private readonly tokens: AdministratorAuthenticator,
    private readonly oidc: OidcAuthenticator,
  ) {}

  /** @throws ProblemError UNAUTHENTICATED; FORBIDDEN or UNAVAILABLE for a token of the issuer */
  authenticate(bearer: string): Promise<Administrator> {
    return this.oidc.isForMe(bearer) ? this.oidc.authenticate(bearer) : this.tokens.authenticate(bearer);
  }
}
