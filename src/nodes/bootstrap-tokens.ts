import { Injectable } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { mintToken, type MintedToken } from '../auth/secret-token.js';
import { TokenStore } from '../auth/token-store.js';

/** A bootstrap token that is about to be stored. */
export interface NewBootstrapToken extends MintedToken {
  createdAt: EpochMs;
  expiresAt: EpochMs;
}

/** Tokens that let one agent into one slot, once. */
@Injectable()
export class BootstrapTokens {
  constructor(private readonly tokens: TokenStore) {}

  /** @param lifetimeMs until it opens nothing any more, in milliseconds */
  mint(at: EpochMs, lifetimeMs: number): NewBootstrapToken {
    return { ...mintToken('rcb'), createdAt: at, expiresAt: at + lifetimeMs };
  }

  /** Earlier tokens of the slot are revoked. Call within a unit of work. */
  async store({ id, secretHash, createdAt, expiresAt }: NewBootstrapToken, nodeUid: string, by: string): Promise<void> {
    await this.tokens.revokeForNode(nodeUid, createdAt);
    await this.tokens.create({
      id,
      kind: 'bootstrap',
      secretHash,
      description: '',
      uses: 0,
      maxUses: 1,
      expiresAt,
      labels: {},
      namePattern: null,
      autoApprove: null,
      nodeUid,
      createdAt,
      createdBy: by,
      revokedAt: null,
    });
  }
}
