import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { ApiTokenStore } from './api-token-store.js';
import type { Administrator } from './caller.js';
import { isSameHash, parseToken } from './secret-token.js';
import { unauthenticated } from './unauthenticated.js';

/** Compared with where there is no such token, so that an unknown id takes as long as a wrong secret. */
const NO_HASH = 'x'.repeat(43);

/** Knows administrators by their api token. */
@Injectable()
export class AdministratorAuthenticator {
  constructor(
    private readonly tokens: ApiTokenStore,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError UNAUTHENTICATED */
  async authenticate(bearer: string): Promise<Administrator> {
    const parsed = parseToken(bearer);
    if (parsed?.prefix !== 'rca') throw unauthenticated();
    const record = await this.tokens.find(parsed.id);
    const matches = isSameHash(record?.secretHash ?? NO_HASH, parsed.secretHash);
    if (!record || !matches || record.revokedAt !== null) throw unauthenticated();
    if (record.expiresAt !== null && record.expiresAt <= this.clock.now()) throw unauthenticated();
    return { kind: 'administrator', tokenId: record.id, name: record.name, role: record.role };
  }
}
