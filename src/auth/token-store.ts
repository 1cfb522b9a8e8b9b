import type { EpochMs } from '../../contract/states.js';
import type { Page, PageRequest } from '../http/page.js';

/** A `join` token lets many agents in; a `bootstrap` token lets one agent into one slot. */
export type TokenKind = 'join' | 'bootstrap';

export interface TokenRecord {
  id: string;
  kind: TokenKind;
  /** SHA-256 of the secret, base64url: the secret itself is nowhere. */
  secretHash: string;
  description: string;
  uses: number;
  maxUses: number;
  expiresAt: EpochMs;
  /** Given to the nodes that join with it. */
  labels: Record<string, string>;
  /** Which names nodes may have that join with it; null: any. */
  namePattern: string | null;
  /** Null: Orchestrator.NodeManager.ManualApproval decides. */
  autoApprove: boolean | null;
  /** How long its nodes may be UNKNOWN before they are removed, in milliseconds; null: as configured. */
  removeAfterMs: number | null;
  /** The slot that a bootstrap token belongs to; null for a join token. */
  nodeUid: string | null;
  createdAt: EpochMs;
  createdBy: string;
  revokedAt: EpochMs | null;
}

/** Why a token lets nobody in. */
export type TokenRefusal = 'unknown' | 'expired' | 'revoked' | 'used up';

export abstract class TokenStore {
  /** @returns `exists` where a token has this id already; nothing is changed then. */
  abstract create(token: TokenRecord): Promise<'created' | 'exists'>;

  /** The token with this id and secret, used or not. */
  abstract find(id: string, secretHash: string): Promise<TokenRecord | null>;

  /**
   * Uses the token once, or as often as `uses` says. However many try at the same time, it is never used more than `maxUses` times.
   * @returns the token as it is after this use, or why there was none; `too few uses` where it has some left and not
   *   as many, in which case none is taken.
   */
  abstract consume(
    id: string,
    secretHash: string,
    at: EpochMs,
    uses?: number,
  ): Promise<TokenRecord | TokenRefusal | 'too few uses'>;

  /** @returns null where there is no join token with this id. */
  abstract findJoinToken(id: string): Promise<TokenRecord | null>;

  /** Join tokens, the latest first. @throws BadCursor */
  abstract listJoinTokens(page: PageRequest): Promise<Page<TokenRecord>>;

  /** @returns `revoked before` where that was so, and null where there is no join token with this id. */
  abstract revokeJoinToken(id: string, at: EpochMs): Promise<'revoked' | 'revoked before' | null>;

  /** Revokes every bootstrap token of a slot: a regenerated one takes their place, or the slot is gone. */
  abstract revokeForNode(nodeUid: string, at: EpochMs): Promise<void>;

  /** @returns the uids of slots whose bootstrap token expired unused before this moment; up to `most` */
  abstract slotsExpiredBefore(at: EpochMs, most: number): Promise<string[]>;
}
