import { Injectable } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { mintToken, type MintedToken } from '../auth/secret-token.js';
import { TokenStore } from '../auth/token-store.js';

/** A new bootstrap token, not stored yet. */
export interface NewBootstrapToken extends MintedToken {
  createdAt: EpochMs;
  expiresAt: EpochMs;
}

/** Bootstrap tokens, which let one agent into one slot, once. */
@Injectable()
export class BootstrapTokens {
  constructor(private readonly tokens: TokenStore) {}

  /** @param lifetimeMs time until it expires, in milliseconds */
  mint(at: EpochMs, lifetimeMs: number): NewBootstrapToken {
    return { ...mintToken('rcb'), createdAt: at, expiresAt: at + lifetimeMs };
  }

  /** Stores a token and revokes earlier ones of the slot. Call within a unit of work. */
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
      removeAfterMs: null,
      nodeUid,
      createdAt,
      createdBy: by,
      revokedAt: null,
    });
  }
}
