import { Injectable, Logger } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { ApiTokenStore, USE_NOTED_EVERY_MS, type ApiTokenRecord } from './api-token-store.js';
import type { Administrator } from './caller.js';
import { isSameHash, parseToken } from './secret-token.js';
import { TokenFiles } from './token-files.js';
import { unauthenticated } from './unauthenticated.js';

/** Dummy hash for unknown ids, so that they take as long as a wrong secret. */
const NO_HASH = 'x'.repeat(43);

/** Authenticates administrators by their api token. */
@Injectable()
export class AdministratorAuthenticator {
  private readonly logger = new Logger(AdministratorAuthenticator.name);

  constructor(
    private readonly tokens: ApiTokenStore,
    private readonly files: TokenFiles,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError UNAUTHENTICATED; UNAVAILABLE for a token that is not stored yet */
  async authenticate(bearer: string): Promise<Administrator> {
    const parsed = parseToken(bearer);
    if (parsed?.prefix !== 'rca') throw unauthenticated();
    this.files.assertStored(parsed.id);
    const record = await this.tokens.find(parsed.id);
    const matches = isSameHash(record?.secretHash ?? NO_HASH, parsed.secretHash);
    const isFormer = isSameHash(record?.former?.secretHash ?? NO_HASH, parsed.secretHash);
    if (!record || !(matches || isFormer)) throw unauthenticated();
    return this.holder(record, matches ? undefined : record.former?.until);
  }

  /**
   * The holder of a token, for logins that were made with it; without its secret.
   * @throws ProblemError UNAUTHENTICATED where it is revoked, expired or unknown
   */
  async holderOf(tokenId: string): Promise<Administrator> {
    const record = await this.tokens.find(tokenId);
    if (!record) throw unauthenticated();
    return this.holder(record);
  }

  /** @param until expiry of the presented secret, where it was rotated */
  private holder(token: ApiTokenRecord, until?: EpochMs): Administrator {
    const { id, name, role, grant, revokedAt, lastUsedAt, ...record } = token;
    const now = this.clock.now();
    const expiresAt = until === undefined ? record.expiresAt : Math.min(until, record.expiresAt ?? Infinity);
    if (revokedAt !== null || (expiresAt !== null && expiresAt <= now)) throw unauthenticated();
    if (lastUsedAt === null || now - lastUsedAt >= USE_NOTED_EVERY_MS) this.noteUse(id);
    const powers = { role, grants: grant === undefined ? [] : [grant] };
    return { kind: 'administrator', principal: id, name, ...powers, via: 'token', expiresAt, records: [`token ${id}`] };
  }

  /** Records a use in the background. A failure is ignored: the next use is recorded instead. */
  private noteUse(id: string): void {
    this.tokens
      .noteUse(id, this.clock.now())
      .catch((error: Error) =>
        this.logger.debug({ msg: "a token's use was not written down", tokenId: id, reason: error.message }),
      );
  }
}
