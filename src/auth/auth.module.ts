import { Module } from '@nestjs/common';
import { KeptAnswersModule } from '../http/kept-answers.module.js';
import { AccessTokens } from './access-tokens.js';
import { AdministratorAuthenticator } from './administrator-authenticator.js';
import { Admission } from './admission.js';
import { AgentAuthenticator } from './agent-authenticator.js';
import { ApiTokens } from './api-tokens.js';
import { BearerAuthenticator } from './bearer-authenticator.js';
import { FailedAuthentications } from './failed-authentications.js';
import { Logins } from './logins.js';
import { NodeQuotas } from './node-quotas.js';
import { OidcAuthenticator } from './oidc-authenticator.js';
import { DeviceLogins } from './people/device-logins.js';
import { IdentityProvider } from './people/identity-provider.js';
import { OidcIssuer } from './people/oidc-issuer.js';
import { PersonChecks } from './people/person-checks.js';
import { OpenRequests } from './open-requests.js';
import { RequestLimits } from './request-limits.js';
import { SigningKey } from './signing-key.js';
import { TokenFiles } from './token-files.js';

/** Authentication, roles, lifetimes of requests, and rate limits. */
@Module({
  imports: [KeptAnswersModule],
  providers: [
    Admission,
    AdministratorAuthenticator,
    BearerAuthenticator,
    OidcAuthenticator,
    OidcIssuer,
    IdentityProvider,
    PersonChecks,
    Logins,
    DeviceLogins,
    AgentAuthenticator,
    FailedAuthentications,
    OpenRequests,
    RequestLimits,
    NodeQuotas,
    AccessTokens,
    SigningKey,
    ApiTokens,
    TokenFiles,
  ],
  exports: [
    AccessTokens,
    ApiTokens,
    BearerAuthenticator,
    DeviceLogins,
    FailedAuthentications,
    IdentityProvider,
    Logins,
    NodeQuotas,
    OpenRequests,
    RequestLimits,
    TokenFiles,
  ],
})
export class AuthModule {}
