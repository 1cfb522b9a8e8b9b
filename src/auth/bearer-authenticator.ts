import { Injectable } from '@nestjs/common';
import { AdministratorAuthenticator } from './administrator-authenticator.js';
import type { Administrator } from './caller.js';
import { Logins } from './logins.js';
import { OidcAuthenticator } from './oidc-authenticator.js';
import { isLoginToken } from './secret-token.js';

/** Authenticates administrators by their bearer: an api token, the login of a command line, or a token of the configured issuer. */
@Injectable()
export class BearerAuthenticator {
  constructor(
    private readonly tokens: AdministratorAuthenticator,
    private readonly logins: Logins,
    private readonly oidc: OidcAuthenticator,
  ) {}

  /** @throws ProblemError UNAUTHENTICATED; FORBIDDEN or UNAVAILABLE for what the issuer vouches for */
  authenticate(bearer: string, options: { asRecorded?: boolean } = {}): Promise<Administrator> {
    if (isLoginToken(bearer)) return this.logins.authenticate(bearer, options);
    return this.oidc.isForMe(bearer) ? this.oidc.authenticate(bearer) : this.tokens.authenticate(bearer);
  }
}
