import type { Role } from '../../contract/roles.js';
import type { EpochMs } from '../../contract/states.js';
import type { Page, PageRequest } from '../http/page.js';

export interface ApiTokenRecord {
  id: string;
  /** Who acts with it, as events name them. */
  name: string;
  role: Role;
  /** SHA-256 of the secret, base64url. */
  secretHash: string;
  createdAt: EpochMs;
  createdBy: string;
  /** Null: never. */
  expiresAt: EpochMs | null;
  revokedAt: EpochMs | null;
}

export abstract class ApiTokenStore {
  /** @returns `exists` where a token has this id already; nothing is changed then. */
  abstract create(token: ApiTokenRecord): Promise<'created' | 'exists'>;

  /** Revoked and expired ones too: whoever asks tells people which it is. */
  abstract find(id: string): Promise<ApiTokenRecord | null>;

  /** The latest first. @throws BadCursor */
  abstract list(page: PageRequest): Promise<Page<ApiTokenRecord>>;

  /** @returns null where there is no such token. */
  abstract revoke(id: string, at: EpochMs): Promise<ApiTokenRecord | null>;
}
