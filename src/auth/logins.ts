import { Injectable, Logger } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { AdministratorAuthenticator } from './administrator-authenticator.js';
import type { Administrator } from './caller.js';
import { LoginStore, type LoginRecord } from './login-store.js';
import { IdentityProvider, type Grant } from './people/identity-provider.js';
import { PersonChecks } from './people/person-checks.js';
import { hashOfSecret, mintToken, newSecret } from './secret-token.js';
import { unauthenticated } from './unauthenticated.js';

/** Lifetime of a login, in milliseconds: a working day. Use does not extend it. */
const LIFETIME_MS = 12 * 3_600_000;

/** A new login, with the secret that is shown only once. */
export interface BegunLogin {
  secret: string;
  administrator: Administrator;
  lifetimeMs: number;
}

/** Logins by an api token or at the identity provider. Each has its own secret, which expires soon, and together with the token. */
@Injectable()
export class Logins {
  private readonly logger = new Logger(Logins.name);

  constructor(
    private readonly administrators: AdministratorAuthenticator,
    private readonly checks: PersonChecks,
    private readonly provider: IdentityProvider,
    private readonly logins: LoginStore,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError UNAUTHENTICATED */
  async begin(token: string, from: string): Promise<BegunLogin> {
    const holder = await this.administrators.authenticate(token);
    return this.created(
      { tokenId: holder.principal, expiresAt: holder.expiresAt ?? Infinity },
      { secret: newSecret(), from },
    );
  }

  /**
   * @param holder a browser, which gets a cookie, or a command line, which gets a bearer token
   * @throws ProblemError UNAUTHENTICATED, FORBIDDEN where the person has no role here
   */
  async beginFor(grant: Grant, from: string, holder: 'browser' | 'command line'): Promise<BegunLogin> {
    const secret = holder === 'browser' ? newSecret() : mintToken('rcl').text;
    const person = this.checks.begun(grant, secret);
    return this.created({ person, expiresAt: this.checks.latestEnd(grant) }, { secret, from });
  }

  /**
   * Authenticates a login. Its token or person is looked up each time, so that their end ends the login at once.
   * @param options.asRecorded does not ask the identity provider
   * @throws ProblemError UNAUTHENTICATED; FORBIDDEN or UNAVAILABLE for a person of the identity provider
   */
  async authenticate(secret: string, options: { asRecorded?: boolean } = {}): Promise<Administrator> {
    const login = await this.logins.find(hashOfSecret(secret));
    if (login === null || login.expiresAt <= this.clock.now()) throw unauthenticated();
    return this.holderOf(login, secret, options);
  }

  /**
   * Ends a login.
   * @param returnTo where a browser returns to after ending its session at the identity provider; absent for other clients
   * @returns where that browser has to go
   */
  async end(secret: string, returnTo?: string): Promise<string | undefined> {
    const id = hashOfSecret(secret);
    const login = await this.logins.find(id);
    await this.logins.end(id);
    if (login?.person === undefined) return undefined;
    const { refreshToken, idToken } = this.checks.kept(login.person, secret);
    const [next] = await Promise.all([
      // The login has ended here, whatever the provider answers.
      idToken === undefined || returnTo === undefined
        ? undefined
        : this.provider.endOfSession(idToken, returnTo).catch(() => undefined),
      refreshToken === undefined ? undefined : this.provider.revoke(refreshToken),
    ]);
    return next;
  }

  private async created(
    { expiresAt: latest, ...on }: Omit<LoginRecord, 'id' | 'createdAt'>,
    { secret, from }: { secret: string; from: string },
  ): Promise<BegunLogin> {
    const createdAt: EpochMs = this.clock.now();
    const login: LoginRecord = {
      ...on,
      id: hashOfSecret(secret),
      createdAt,
      expiresAt: Math.min(createdAt + LIFETIME_MS, latest),
    };
    await this.logins.create(login);
    const administrator = await this.holderOf(login, secret);
    this.logger.log({ msg: 'somebody logged in', principal: administrator.principal, by: administrator.name, from });
    return { secret, administrator, lifetimeMs: login.expiresAt - createdAt };
  }

  private async holderOf(
    login: LoginRecord,
    secret: string,
    { asRecorded = false }: { asRecorded?: boolean } = {},
  ): Promise<Administrator> {
    const { id, tokenId, person, expiresAt } = login;
    const record = `login ${id}` as const;
    if (tokenId !== undefined) {
      const holder = await this.administrators.holderOf(tokenId);
      return { ...holder, via: 'login', expiresAt, records: [...holder.records, record] };
    }
    if (person === undefined) throw unauthenticated();
    const { person: now, askAgainAt } = asRecorded
      ? { person, askAgainAt: expiresAt }
      : await this.checks.check(login, person, secret);
    const { principal, name, role, grants } = now;
    return {
      ...{ kind: 'administrator', principal, name, role, grants, via: 'login' },
      ...{ expiresAt, askAgainAt, records: [record] },
    };
  }
}
