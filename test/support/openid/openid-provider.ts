import type { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { Provider } from 'oidc-provider';
import { useInSuite } from '../use-in-suite.js';

export const CLIENT = { id: 'rollcall', secret: 'a-secret-of-the-client' };

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

interface Options {
  /** Whether people get refresh tokens. */
  refreshes?: boolean;
  /** Lifetime of an ID token, in seconds. */
  idTokenTtl?: number;
  /** Whether it supports device authorization. */
  devices?: boolean;
  /** Lifetime of a device code, in seconds. */
  deviceCodeTtl?: number;
  /** Whether a refresh returns an ID token, which OpenID Connect leaves to the provider. */
  renewsIdToken?: boolean;
}

/** A real OpenID provider on loopback, where people sign in without a password. */
export class OpenIdProvider {
  /** Known people, with their groups. */
  readonly people = new Map<string, string[]>();
  /** Whether it answers everything with 503. */
  broken = false;
  /** Changes the claims of ID tokens before they are signed with the right key. */
  spoil: ((claims: JWTPayload) => Record<string, unknown>) | undefined;
  /** How many more times it answers `slow_down`. */
  slowDowns = 0;
  /** Number of token requests. */
  asked = 0;
  /** The tokens that it gave, by answer. */
  readonly given: Readonly<Record<string, unknown>>[] = [];
  /** Whether it accepts requests and never answers. */
  silent = false;
  /** Unanswered requests that were aborted by their client. */
  givenUp = 0;
  /** Unanswered requests whose client still waits. */
  held = 0;
  /** Path below which the endpoints are that the api asks; where they would be else is nothing. */
  movedTo = '';
  private provider: Provider | undefined;

  private constructor(
    private readonly server: Server,
    private readonly options: Options,
  ) {}

  static async start(options: Options = {}): Promise<OpenIdProvider> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const started = new OpenIdProvider(server, options);
    await started.rotateKeys();
    server.on('request', (request, response) => void started.answer(request, response));
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Signs with another key, and publishes only that. */
  async rotateKeys(): Promise<void> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: crypto.randomUUID() };
    this.provider = this.providerWith(jwk);
    this.provider.use(async (context, next) => {
      await next();
      const { oidc, response } = context;
      if (oidc?.route === 'discovery')
        for (const [name, path] of Object.entries(ENDPOINTS)) response.body[name] = this.url + this.movedTo + path;
      if (oidc?.route === 'device_authorization') response.body['interval'] = 1;
      const isRefresh = oidc?.params?.['grant_type'] === 'refresh_token';
      if (isRefresh && this.options.renewsIdToken === false) delete response.body['id_token'];
      if (oidc?.route === 'token') await this.changeTokens(response.body, { privateKey, kid: jwk.kid });
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async changeTokens(
    body: Record<string, unknown>,
    { privateKey, kid }: { privateKey: webcrypto.CryptoKey; kid: string },
  ) {
    this.asked += 1;
    if (body['error'] === 'authorization_pending' && this.slowDowns > 0) {
      this.slowDowns -= 1;
      body['error'] = 'slow_down';
    }
    this.given.push(body);
    if (typeof body['id_token'] !== 'string' || this.spoil === undefined) return;
    const spoilt = new SignJWT(this.spoil(decodeJwt(body['id_token'])));
    body['id_token'] = await spoilt.setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
  }

  private providerWith(jwk: object): Provider {
    const { refreshes = true, idTokenTtl = 3_600, devices = true, deviceCodeTtl = 600 } = this.options;
    const provider = new Provider(this.url, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: ['http://127.0.0.1/signed-in'],
          grant_types: ['authorization_code', 'refresh_token', ...(devices ? [DEVICE_GRANT] : [])],
          application_type: 'native',
          token_endpoint_auth_method: 'client_secret_basic',
        },
      ],
      cookies: { keys: ['a key of the test'] },
      jwks: { keys: [jwk] },
      pkce: { required: () => true },
      claims: { openid: ['sub'], profile: ['preferred_username', 'roles'], email: ['email'] },
      ttl: {
        IdToken: () => idTokenTtl,
        RefreshToken: () => 86_400,
        AccessToken: () => 600,
        Grant: () => 86_400,
        Session: () => 86_400,
        Interaction: () => 600,
        DeviceCode: () => deviceCodeTtl,
      },
      issueRefreshToken: () => refreshes,
      rotateRefreshToken: true,
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      features: {
        devInteractions: { enabled: false },
        deviceFlow: { enabled: devices },
        revocation: { enabled: true },
      },
      findAccount: (_: unknown, id: string) => this.account(id),
    });
    // The api gets its free port after this provider has started.
    provider.Client.prototype['redirectUriAllowed'] = (uri: string) => isOurs(uri, '/signed-in');
    provider.Client.prototype['postLogoutRedirectUriAllowed'] = (uri: string) => isOurs(uri, '/');
    return provider;
  }

  private account(id: string): object | undefined {
    const groups = this.people.get(id);
    if (groups === undefined) return undefined;
    const claims = { sub: id, preferred_username: id, roles: groups, email: `${id}@example.com` };
    return { accountId: id, claims: () => claims };
  }

  private hold(response: ServerResponse): void {
    this.held += 1;
    response.once('close', () => {
      this.held -= 1;
      this.givenUp += 1;
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.silent) return this.hold(response);
    if (this.provider === undefined || this.broken) return void response.writeHead(503).end();
    const isEndpoint = Object.values(ENDPOINTS).includes(request.url ?? '');
    if (this.movedTo !== '' && isEndpoint) return void response.writeHead(404).end();
    if (request.url?.startsWith(`${this.movedTo}/`)) request.url = request.url.slice(this.movedTo.length);
    if (!request.url?.startsWith('/interaction/')) return this.provider.callback()(request, response);
    if (request.method === 'GET')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end(SIGN_IN_PAGE);
    const login = new URLSearchParams(await text(request)).get('login') ?? '';
    const { params } = await this.provider.interactionDetails(request, response);
    if (login === '') {
      return this.provider.interactionFinished(request, response, { error: 'access_denied' });
    }
    const grant = new this.provider.Grant({ accountId: login, clientId: params['client_id'] });
    grant.addOIDCScope(params['scope'] ?? 'openid');
    const grantId = await grant.save();
    await this.provider.interactionFinished(request, response, {
      login: { accountId: login },
      consent: { grantId },
    });
  }
}

const SIGN_IN_PAGE = `<!doctype html><html lang="en"><title>The provider</title>
<form method="post"><label>Name <input name="login"></label><button>Continue</button></form></html>`;

/** Those that the api asks, by their names in the discovery document. */
const ENDPOINTS = {
  token_endpoint: '/token',
  userinfo_endpoint: '/me',
  jwks_uri: '/jwks',
  revocation_endpoint: '/token/revocation',
};

function isOurs(uri: string, path: string): boolean {
  const { hostname, pathname } = new URL(uri);
  return hostname === '127.0.0.1' && pathname === path;
}

/** A provider for the tests of a file. */
export function useOpenIdProvider(options: Options = {}): OpenIdProvider {
  return useInSuite(
    () => OpenIdProvider.start(options),
    (provider) => provider.stop(),
  );
}

/** Configuration of an api that uses this provider. @param secretFile with the client's secret */
export function settingsFor(provider: OpenIdProvider, secretFile: string): Record<string, string> {
  return {
    'Orchestrator.Auth.OIDC.Issuer': provider.url,
    'Orchestrator.Auth.OIDC.ClientId': CLIENT.id,
    'Orchestrator.Auth.OIDC.ClientSecretFile': secretFile,
    'Orchestrator.Auth.OIDC.Name': 'the provider',
    'Orchestrator.Auth.OIDC.RoleMapping': 'ops=operator,staff=viewer',
  };
}
