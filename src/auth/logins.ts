import { createHash, randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../mechanics/clock.js';
import { AdministratorAuthenticator } from './administrator-authenticator.js';
import type { Administrator } from './caller.js';
import { LoginStore } from './login-store.js';
import { unauthenticated } from './unauthenticated.js';

/** A working day; in milliseconds. It does not grow by use: reading changes nothing here. */
const LIFETIME_MS = 12 * 3_600_000;
const SECRET_BYTES = 32;

/** Browsers that are logged in. Each holds a secret of its own, which is worth less than the token: it ends soon, and with the token. */
@Injectable()
export class Logins {
  private readonly logger = new Logger(Logins.name);

  constructor(
    private readonly administrators: AdministratorAuthenticator,
    private readonly logins: LoginStore,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns what the browser's cookie is to hold, shown this once
   * @throws ProblemError UNAUTHENTICATED
   */
  async begin(
    token: string,
    from: string,
  ): Promise<{ secret: string; administrator: Administrator; lifetimeMs: number }> {
    const holder = await this.administrators.authenticate(token);
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const createdAt = this.clock.now();
    const expiresAt = Math.min(createdAt + LIFETIME_MS, holder.expiresAt ?? Infinity);
    await this.logins.create({ id: hashOf(secret), tokenId: holder.principal, createdAt, expiresAt });
    this.logger.log({ msg: 'somebody logged in', tokenId: holder.principal, by: holder.name, from });
    return { secret, administrator: { ...holder, via: 'login', expiresAt }, lifetimeMs: expiresAt - createdAt };
  }

  /**
   * The token is looked up each time, so that revoking it ends its logins at once.
   * @throws ProblemError UNAUTHENTICATED
   */
  async authenticate(secret: string): Promise<Administrator> {
    const id = hashOf(secret);
    const login = await this.logins.find(id);
    if (login === null || login.expiresAt <= this.clock.now()) throw unauthenticated();
    const holder = await this.administrators.holderOf(login.tokenId);
    return { ...holder, via: 'login', expiresAt: login.expiresAt, records: [...holder.records, `login ${id}`] };
  }

  async end(secret: string): Promise<void> {
    await this.logins.end(hashOf(secret));
  }
}

/** 256 random bits need no slower hash, and looking one up by its hash tells nothing by the time it takes. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
