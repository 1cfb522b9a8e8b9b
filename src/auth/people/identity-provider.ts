import { readFile } from 'node:fs/promises';
import { Injectable, Logger } from '@nestjs/common';
import * as client from 'openid-client';
import type { Config } from '../../../contract/config/schema.js';
import { InjectConfig } from '../../process/config.js';
import { boundedFetch, IssuerUnavailable } from './bounded-fetch.js';
import { claimAt } from './known-person.js';
import { ISSUER_TOLERANCE_S, OidcIssuer } from './oidc-issuer.js';
import { begunDevice, NoDeviceEndpoint, type BegunDevice } from './begun-device.js';
import { ClientNotAccepted, meaningOf, ProviderRefusal } from './provider-errors.js';

/** Values that only the browser that began to sign in has. */
export interface SignInChecks {
  state: string;
  nonce: string;
  verifier: string;
}

/** The provider's tokens for a person. */
export interface Grant {
  /** Claims of the ID token, with those of the profile where groups are there or a refresh brought no ID token. Null where there is neither. */
  claims: Readonly<Record<string, unknown>> | null;
  refreshToken: string | undefined;
  idToken: string | undefined;
}

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

type Tokens = client.TokenEndpointResponse & client.TokenEndpointResponseHelpers;

/** Client of the configured identity provider. */
@Injectable()
export class IdentityProvider {
  private readonly logger = new Logger(IdentityProvider.name);
  private readonly settings: Config['Orchestrator']['Auth']['OIDC'];

  constructor(
    private readonly issuer: OidcIssuer,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.settings = Orchestrator.Auth.OIDC;
  }

  /** Its name for people; undefined where it is not used for signing in. */
  get name(): string | undefined {
    const { Issuer, ClientId, Name } = this.settings;
    return Issuer === undefined || ClientId === undefined ? undefined : (Name ?? new URL(Issuer).host);
  }

  /** @returns where to send the browser, and the values that it has to bring back. @throws IssuerUnavailable */
  async begin(redirectUri: string): Promise<{ url: string; checks: SignInChecks }> {
    const configuration = await this.configuration();
    const checks = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.settings.Scopes,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(checks.verifier),
      code_challenge_method: 'S256',
      // OpenID Connect requires consent for offline access.
      ...(this.settings.Scopes.split(' ').includes('offline_access') && { prompt: 'consent' }),
    });
    return { url: url.href, checks };
  }

  /** @param answered the address that the browser returned to. @throws IssuerUnavailable, ProviderRefusal */
  finish(answered: URL, { state, nonce, verifier }: SignInChecks): Promise<Grant> {
    return this.granted((configuration) =>
      client.authorizationCodeGrant(configuration, answered, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      }),
    );
  }

  /**
   * Begins a device authorization (RFC 8628).
   * @throws IssuerUnavailable; ProviderRefusal where the provider refuses, or does not support it
   */
  beginDevice(): Promise<BegunDevice> {
    return this.asked(async (configuration) => {
      if (configuration.serverMetadata().device_authorization_endpoint === undefined) throw new NoDeviceEndpoint();
      return begunDevice(await client.initiateDeviceAuthorization(configuration, { scope: this.settings.Scopes }));
    });
  }

  /**
   * Asks once for the outcome.
   * @returns undefined while the person has not signed in; `slow_down` where it is asked too often
   * @throws IssuerUnavailable; ProviderRefusal where the person declined, or was too late
   */
  async finishDevice(deviceCode: string): Promise<Grant | 'slow_down' | undefined> {
    try {
      const grant = await this.granted((configuration) =>
        client.genericGrantRequest(configuration, DEVICE_GRANT, { device_code: deviceCode }),
      );
      if (grant.claims === null) throw new ProviderRefusal('it gave no ID token');
      return grant;
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) throw error;
      if (error.message === 'authorization_pending') return undefined;
      if (error.message === 'slow_down') return 'slow_down';
      throw error;
    }
  }

  /** @param subject the person's subject. @throws IssuerUnavailable; ProviderRefusal where the person is no longer allowed */
  refresh(refreshToken: string, subject: string): Promise<Grant> {
    return this.granted((configuration) => client.refreshTokenGrant(configuration, refreshToken), subject);
  }

  /** Address at which a browser ends its session at the provider; undefined where there is none. @throws IssuerUnavailable */
  async endOfSession(idToken: string, returnTo: string): Promise<string | undefined> {
    const configuration = await this.configuration();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
    const parameters = { id_token_hint: idToken, post_logout_redirect_uri: returnTo };
    return client.buildEndSessionUrl(configuration, parameters).href;
  }

  /** Revokes the refresh token. Failures are ignored, since it also expires by itself. */
  async revoke(refreshToken: string): Promise<void> {
    try {
      const configuration = await this.configuration();
      if (configuration.serverMetadata().revocation_endpoint !== undefined)
        await client.tokenRevocation(configuration, refreshToken);
    } catch (error) {
      this.logger.warn({ msg: 'a refresh token was not revoked at the provider', reason: (error as Error).message });
    }
  }

  private granted(ask: (configuration: client.Configuration) => Promise<Tokens>, subject?: string): Promise<Grant> {
    return this.asked(async (configuration) => {
      const tokens = await ask(configuration);
      // The library trusts TLS alone here; the signature also protects against an intermediary.
      if (tokens.id_token !== undefined) await this.issuer.verify(tokens.id_token, this.clientId);
      return {
        claims: await this.claimsOf(configuration, tokens, subject),
        refreshToken: tokens.refresh_token,
        idToken: tokens.id_token,
      };
    });
  }

  private async asked<Answer>(ask: (configuration: client.Configuration) => Promise<Answer>): Promise<Answer> {
    const configuration = await this.configuration();
    try {
      return await ask(configuration);
    } catch (error) {
      const meaning = meaningOf(error);
      if (meaning instanceof IssuerUnavailable) await this.issuer.renew();
      throw meaning;
    }
  }

  /** Adds claims of the profile, for providers without groups in the ID token, or without an ID token at a refresh. */
  private async claimsOf(
    configuration: client.Configuration,
    tokens: Tokens,
    subject: string | undefined,
  ): Promise<Grant['claims']> {
    const { issuer: iss, userinfo_endpoint: profiles } = configuration.serverMetadata();
    const claims = tokens.claims();
    const sub = claims?.sub ?? subject;
    const isEnough = claims !== undefined && claimAt(claims, this.settings.RolesClaim) !== undefined;
    if (isEnough || sub === undefined || profiles === undefined) return claims ?? null;
    const profile = await client.fetchUserInfo(configuration, tokens.access_token, sub);
    return { ...profile, iss, ...claims };
  }

  private get clientId(): string {
    const { ClientId } = this.settings;
    if (ClientId === undefined) throw new Error('nobody signs in by a provider here');
    return ClientId;
  }

  /** Made for each use, since the secret in its file may change. */
  private async configuration(): Promise<client.Configuration> {
    const metadata = (await this.issuer.metadata()) as client.ServerMetadata;
    const { ClientSecretFile } = this.settings;
    const secret = ClientSecretFile === undefined ? undefined : await secretIn(ClientSecretFile);
    const configuration = new client.Configuration(
      metadata,
      this.clientId,
      { [client.clockTolerance]: ISSUER_TOLERANCE_S },
      secret === undefined ? client.None() : authenticationOf(metadata)(secret),
    );
    configuration[client.customFetch] = (url, { body, method, headers }) =>
      boundedFetch(url, { method, headers, ...(body == null ? {} : { body: body as RequestInit['body'] & {} }) });
    // The configuration allows plain HTTP only for an issuer on this machine.
    if (metadata.issuer.startsWith('http:')) client.allowInsecureRequests(configuration);
    return configuration;
  }
}

async function secretIn(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new ClientNotAccepted('the api cannot read the file with its secret', { cause });
  }
}

/** Client authentication: by header, the default of client registration, unless the provider supports other methods only. */
function authenticationOf({ token_endpoint_auth_methods_supported: methods }: client.ServerMetadata) {
  return methods === undefined || methods.includes('client_secret_basic')
    ? client.ClientSecretBasic
    : client.ClientSecretPost;
}
