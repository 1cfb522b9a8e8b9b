import { Injectable } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { mintToken } from './secret-token.js';
import { TokenStore } from './token-store.js';

/** From the making of a bootstrap token until it opens nothing any more, in milliseconds. */
const LIFETIME_MS = 30 * 60_000;

/** Tokens that let one agent into one slot, once. */
@Injectable()
export class BootstrapTokens {
  constructor(private readonly tokens: TokenStore) {}

  /** Earlier tokens of the slot are revoked. Call within a unit of work. */
  async issue(nodeUid: string, at: EpochMs, by: string): Promise<{ text: string; expiresAt: EpochMs }> {
    const { id, secretHash, text } = mintToken('rcb');
    const expiresAt = at + LIFETIME_MS;
    await this.tokens.revokeForNode(nodeUid, at);
    await this.tokens.create({
      id,
      kind: 'bootstrap',
      secretHash,
      description: '',
      uses: 0,
      maxUses: 1,
      expiresAt,
      labels: {},
      autoApprove: null,
      nodeUid,
      createdAt: at,
      createdBy: by,
      revokedAt: null,
    });
    return { text, expiresAt };
  }
}
