import type { ScopedGrant, Role } from '../../contract/grants.js';
import type { EpochMs } from '../../contract/states.js';
import type { Page, PageRequest } from '../http/page.js';

/** A secret that was replaced by rotation. */
export interface FormerSecret {
  /** SHA-256, base64url. */
  secretHash: string;
  until: EpochMs;
}

export interface ApiTokenRecord {
  id: string;
  /** Name of the holder, in events. */
  name: string;
  /** Holds everywhere. */
  role: Role;
  /** A role over the nodes of a scope. `role` is `viewer` then, so that an older api takes the holder for a viewer. */
  grant?: ScopedGrant;
  /** SHA-256 of the secret, base64url. */
  secretHash: string;
  /** The secret from before the latest rotation, while it still works. */
  former?: FormerSecret;
  createdAt: EpochMs;
  createdBy: string;
  /** Null where it does not expire. */
  expiresAt: EpochMs | null;
  /** To the minute; null where it was never used. */
  lastUsedAt: EpochMs | null;
  revokedAt: EpochMs | null;
}

/** Minimum time between two recorded uses, in milliseconds. */
export const USE_NOTED_EVERY_MS = 60_000;

/** A valid token has this name already. Names have to be unique, so that events tell holders apart. */
export class TokenNameTaken extends Error {
  override readonly name = 'TokenNameTaken';

  constructor(readonly tokenName: string) {
    super(`another token that works is named ${tokenName}`);
  }
}

export abstract class ApiTokenStore {
  /**
   * @returns `exists`, without a change, where a token has this id already
   * @throws TokenNameTaken
   */
  abstract create(token: ApiTokenRecord): Promise<'created' | 'exists'>;

  /** The token, even if it is revoked or expired. */
  abstract find(id: string): Promise<ApiTokenRecord | null>;

  /** Tokens, latest first. @throws BadCursor */
  abstract list(page: PageRequest): Promise<Page<ApiTokenRecord>>;

  /** Records a use, unless one was recorded within the last minute. */
  abstract noteUse(id: string, at: EpochMs): Promise<void>;

  /**
   * Replaces the secret and the expiry of a valid token.
   * @param before hash of the present secret
   * @returns null where the token is no longer valid, or was rotated meanwhile
   */
  abstract rotate(
    id: string,
    before: string,
    after: Pick<ApiTokenRecord, 'secretHash' | 'expiresAt'> & { former: FormerSecret },
  ): Promise<ApiTokenRecord | null>;

  /** @returns `revoked before` where it was revoked already, and null where there is no such token */
  abstract revoke(id: string, at: EpochMs): Promise<'revoked' | 'revoked before' | null>;

  /**
   * Whether another administrator's token is valid until `until`. Within a unit of work that token is written, so that simultaneous revocations are
   * serialized.
   */
  abstract keepAnotherAdministrator(id: string, until: EpochMs): Promise<boolean>;
}
